// SPDX-License-Identifier: Apache-2.0

// Tlsclient gets an address a few times over TLS: tlsclient URL CERTIFICATE.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	certificate, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	client := http.Client{Transport: transport}
	for range 3 {
		response, err := client.Get(os.Args[1])
		if err != nil {
			log.Fatal(err)
		}
		n, err := io.Copy(io.Discard, response.Body)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(response.Proto, response.Status, n, "bytes")
		_ = response.Body.Close()
		transport.CloseIdleConnections()
	}
}
