// SPDX-License-Identifier: Apache-2.0

// Nameserver answers questions over UDP and TCP until it is asked for quit.
package main

import (
	"fmt"
	"log"
	"net"

	"github.com/miekg/dns"
)

func main() {
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	streams, err := net.Listen("tcp", packets.LocalAddr().String())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", packets.LocalAddr())
	quit := make(chan struct{})
	dns.HandleFunc(".", func(w dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(question)
		name := question.Question[0].Name
		if record, err := dns.NewRR(name + " 60 IN A 192.0.2.1"); err == nil {
			answer.Answer = append(answer.Answer, record)
		}
		_ = w.WriteMsg(answer)
		if name == "quit." {
			close(quit)
		}
	})
	servers := []*dns.Server{{PacketConn: packets}, {Listener: streams}}
	ended := make(chan error, len(servers))
	for _, server := range servers {
		go func() { ended <- server.ActivateAndServe() }()
	}
	<-quit
	for _, server := range servers {
		if err := server.Shutdown(); err != nil {
			log.Fatal(err)
		}
		if err := <-ended; err != nil {
			log.Fatal(err)
		}
	}
}
