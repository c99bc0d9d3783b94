// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"

	xbpf "golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// The tests in this file compare with the running kernel. A child, this test
// binary again, attaches filters and makes calls under them as its input says, and
// writes one number for each. Filters stay attached, so all of them allow every
// call but those from unused on, which mean nothing to any kernel.
const (
	childVariable = "SIEVE_BPF_TEST_CHILD"
	unused        = 1000 // call number
	done          = "done"
	killed        = 0xdead // the answer for a thread that the call ended
)

// chainLimit and chainCost are MAX_INSNS_PER_PATH and what each filter that is
// there counts beside its instructions (kernel/seccomp.c).
const (
	chainLimit = 32768
	chainCost  = 4
	// chainSpare is left for filters that the tests themselves run under.
	chainSpare = 8192
)

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		childMain()
	}
	os.Exit(m.Run())
}

// What the child is told to do: a byte, and the instructions of a program after
// their number in 32 bits, or a call number and six arguments in 64 bits each.
const (
	doAttach = 'a' // answers the errno
	doCall   = 'c' // answers the errno
	doDie    = 'd' // a call that should end its thread; the last of the input
)

// orders is input for the child.
type orders struct{ bytes.Buffer }

func (o *orders) attach(p Program) {
	o.WriteByte(doAttach)
	o.Write(binary.NativeEndian.AppendUint32(nil, uint32(len(p))))
	o.Write(p.AppendBinary(nil, binary.NativeEndian))
}

func (o *orders) call(how byte, nr uint32, args [6]uint64) {
	o.WriteByte(how)
	o.Write(binary.NativeEndian.AppendUint64(nil, uint64(nr)))
	for _, a := range args {
		o.Write(binary.NativeEndian.AppendUint64(nil, a))
	}
}

// send runs a child and returns its n answers. A child that does not end with
// "done" did not do all that it was told, and fails the test.
func (o *orders) send(t testing.TB, n int) []uint32 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"=1")
	cmd.Stdin, cmd.Stderr = &o.Buffer, os.Stderr
	out, err := cmd.Output()
	answers, ok := bytes.CutSuffix(out, []byte(done))
	if err != nil || !ok || len(answers) != 4*n {
		t.Fatalf("child: %v, %d bytes of answers, want %d and %q", err, len(out), 4*n, done)
	}
	var got []uint32
	for c := range slices.Chunk(answers, 4) {
		got = append(got, binary.NativeEndian.Uint32(c))
	}
	return got
}

// childMain does what standard input says on a thread of its own, and exits.
func childMain() {
	results := make(chan result, 2)
	go work(results)
	r := <-results
	for r.dying != 0 && len(results) == 0 {
		if unix.Tgkill(os.Getpid(), r.dying, 0) == unix.ESRCH {
			results <- result{answers: binary.NativeEndian.AppendUint32(r.answers, killed)}
		}
		runtime.Gosched()
	}
	if r.dying != 0 {
		r = <-results
	}
	os.Stdout.Write(append(r.answers, done...))
	os.Exit(0)
}

// result is what a thread has done, or has done before the call that should end it.
type result struct {
	answers []byte
	dying   int // its id before that call, else 0
}

// work does what standard input says. The first thread of a process cannot be seen
// to end before the others do: it waits aside.
func work(results chan<- result) {
	runtime.LockOSThread()
	if unix.Gettid() == os.Getpid() {
		go work(results)
		select {}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	c := child{input: os.Stdin}
	for c.next() {
		if c.how == doDie {
			results <- result{slices.Clone(c.answers), unix.Gettid()}
		}
		c.do()
	}
	results <- result{answers: c.answers}
}

// child reads orders and collects answers.
type child struct {
	input   *os.File
	rest    *bytes.Reader
	how     byte
	answers []byte
}

// next reads what to do next.
func (c *child) next() bool {
	if c.rest == nil {
		var all bytes.Buffer
		if _, err := all.ReadFrom(c.input); err != nil {
			panic(err)
		}
		c.rest = bytes.NewReader(all.Bytes())
	}
	var err error
	c.how, err = c.rest.ReadByte()
	return err == nil
}

// do does it on the calling thread.
func (c *child) do() {
	var errno syscall.Errno
	if c.how == doAttach {
		errno = attach(c.program())
	} else {
		var w [7]uint64
		c.read(&w)
		_, _, errno = syscall.Syscall6(uintptr(w[0]), uintptr(w[1]), uintptr(w[2]), uintptr(w[3]), uintptr(w[4]), uintptr(w[5]), uintptr(w[6]))
	}
	c.answers = binary.NativeEndian.AppendUint32(c.answers, uint32(errno))
}

func (c *child) program() Program {
	var n uint32
	c.read(&n)
	p := make(Program, n)
	c.read(p)
	return p
}

func (c *child) read(to any) {
	if err := binary.Read(c.rest, binary.NativeEndian, to); err != nil {
		panic(err)
	}
}

// attach gives the kernel p as it is: xbpf.RawInstruction is struct sock_filter.
func attach(p Program) syscall.Errno {
	prog := unix.SockFprog{Len: uint16(len(p))}
	if len(p) > 0 {
		prog.Filter = (*unix.SockFilter)(unsafe.Pointer(unsafe.SliceData(p)))
	}
	_, _, errno := syscall.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(p)
	return errno
}

// guarded is p for call nr, and allows all others. What the kernel thinks of it is
// what it thinks of p, if p is not too long.
func guarded(nr uint32, p Program) Program {
	return append(Program{
		{Op: OpLdAbs, K: 0},
		{Op: OpJeqK, K: nr, Jt: 1},
		{Op: OpRetK, K: allowed},
		{Op: OpLdImm}, // as p finds A when it begins
	}, p...)
}

// chain collects programs for children, as many for each as the kernel takes.
type chain struct {
	programs []Program
	total    int
}

// add says whether there is room for p after those that are there.
func (c *chain) add(p Program) bool {
	if p.Check() == nil && c.total+p.ExtendedLen() > chainLimit-chainSpare {
		return false
	}
	c.programs = append(c.programs, p)
	if p.Check() == nil {
		c.total += p.ExtendedLen() + chainCost
	}
	return true
}

// send holds Check to the kernel for all programs and counts both answers.
func (c *chain) send(t testing.TB) (accepted, refused int) {
	t.Helper()
	var o orders
	for _, p := range c.programs {
		o.attach(p)
	}
	for n, errno := range o.send(t, len(c.programs)) {
		p := c.programs[n]
		switch err := p.Check(); {
		case err == nil && errno == 0:
			accepted++
		case err != nil && errno == uint32(unix.EINVAL):
			refused++
		default:
			t.Errorf("%.2000v: the kernel answers %v, Check %v", p, syscall.Errno(errno), err)
		}
	}
	*c = chain{}
	return accepted, refused
}

// TestKernelOpcodes tries all opcodes that 16 bits can hold.
func TestKernelOpcodes(t *testing.T) {
	var c chain
	for code := range 1 << 16 {
		if !c.add(guarded(unused, aroundOpcode(uint16(code)))) {
			t.Fatal("no room")
		}
	}
	if accepted, refused := c.send(t); accepted != 41 || refused != 1<<16-41 {
		t.Errorf("the kernel accepts %d and refuses %d, want 41 and the rest", accepted, refused)
	}
}

// TestKernelRules tries the limits of every field, at the start, in the middle and
// at the end of a program.
func TestKernelRules(t *testing.T) {
	limits := []uint32{0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 59, 60, 61, 63, 64, 65, 68, 128, 1 << 16, 1<<31 - 1, 1 << 31, 0xfffff000, 0xfffffffc, 1<<32 - 2, 1<<32 - 1}
	var c chain
	accepted, refused := 0, 0
	try := func(p Program) {
		if !c.add(p) {
			a, r := c.send(t)
			accepted, refused = accepted+a, refused+r
			c.add(p)
		}
	}
	for _, code := range acceptedCodes {
		for _, k := range limits {
			i := xbpf.RawInstruction{Op: code, K: k}
			try(guarded(unused, Program{i, {Op: OpRetK}}))
			try(guarded(unused, Program{{Op: OpSt, K: 15}, i, {Op: OpRetA}, {Op: OpRetK}, {Op: OpRetK}}))
			try(guarded(unused, Program{{Op: OpRetA}, i}))
		}
		for skip := range uint8(6) {
			for _, i := range []xbpf.RawInstruction{{Op: code, Jt: skip}, {Op: code, Jf: skip}, {Op: code, Jt: 255 - skip, Jf: 251}, {Op: code, Jf: 255 - skip, Jt: 251}} {
				try(guarded(unused, Program{i, {Op: OpRetK}, {Op: OpRetA}, {Op: OpRetK}}))
			}
			for _, n := range []int{251, 252, 253, 254, 255, 256} {
				i := xbpf.RawInstruction{Op: code, Jt: 255 - skip, Jf: 252, K: 1}
				try(guarded(unused, append(Program{i}, slices.Repeat(Program{{Op: OpRetK}}, n)...)))
			}
		}
	}
	a, r := c.send(t)
	if accepted, refused = accepted+a, refused+r; accepted < 2000 || refused < 1000 {
		t.Errorf("%d accepted, %d refused, want 2000 and 1000 at least", accepted, refused)
	}
}

// TestKernelLength tries lengths around the limit, and the longest jump in the
// longest program.
func TestKernelLength(t *testing.T) {
	allow := Program{{Op: OpRetK, K: allowed}}
	for _, n := range []int{0, 1, 2, MaxInstructions - 1, MaxInstructions, MaxInstructions + 1, 2 * MaxInstructions, 1<<16 - 1} {
		var c chain
		c.add(slices.Repeat(allow, n))
		if accepted, refused := c.send(t); accepted+refused != 1 {
			t.Errorf("%d instructions", n)
		}
	}
	for _, k := range []uint32{MaxInstructions - 3, MaxInstructions - 2, MaxInstructions - 1} {
		var c chain
		c.add(append(Program{{Op: OpJa, K: k}}, slices.Repeat(allow, MaxInstructions-1)...))
		if accepted, refused := c.send(t); accepted+refused != 1 {
			t.Errorf("a jump of %d", k)
		}
	}
}

// TestKernelScratch tries small programs that write, read, branch and return.
func TestKernelScratch(t *testing.T) {
	kinds := []xbpf.RawInstruction{
		{Op: OpSt}, {Op: OpStx, K: 1}, {Op: OpLdMem}, {Op: OpLdxMem, K: 1}, {Op: OpRetA}, {Op: OpRetK},
		{Op: OpJa}, {Op: OpJa, K: 1}, {Op: OpJa, K: 2}, {Op: OpJeqK}, {Op: OpJgtX, Jt: 1}, {Op: OpJsetK, Jf: 2}, {Op: OpJgeK, Jt: 2, Jf: 1},
	}
	var c chain
	r := newRand(5)
	accepted, refused := 0, 0
	for range 6000 {
		var p Program
		for range 1 + r.IntN(9) {
			p = append(p, kinds[r.IntN(len(kinds))])
		}
		p = guarded(unused, append(p, Program{{Op: OpLdMem, K: r.Uint32N(2)}, {Op: OpRetA}, {Op: OpRetA}}...))
		if !c.add(p) {
			a, r := c.send(t)
			accepted, refused = accepted+a, refused+r
			c.add(p)
		}
	}
	a, b := c.send(t)
	if accepted, refused = accepted+a, refused+b; accepted < 1000 || refused < 1000 {
		t.Errorf("%d accepted, %d refused, want 1000 of each at least", accepted, refused)
	}
}

// TestKernelRandom tries drawn programs, and the same with something broken.
func TestKernelRandom(t *testing.T) {
	var c chain
	r := newRand(6)
	accepted, refused := 0, 0
	for n := range 3000 {
		p := drawProgram(r, 1+r.IntN(30))
		if n%3 > 0 {
			broken(p, r)
		}
		if p = guarded(unused, p); !c.add(p) {
			a, r := c.send(t)
			accepted, refused = accepted+a, refused+r
			c.add(p)
		}
	}
	a, b := c.send(t)
	if accepted, refused = accepted+a, refused+b; accepted < 1000 || refused < 500 {
		t.Errorf("%d accepted, %d refused, want 1000 and 500 at least", accepted, refused)
	}
}

// TestKernelChain fills a chain beyond its limit, which ExtendedLen foretells. A
// kernel that hardens its compiler against privileged users too
// (net.core.bpf_jit_harden=2) counts more.
func TestKernelChain(t *testing.T) {
	if mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0); err != nil || mode != 0 {
		t.Skipf("the tests run under filters, whose instructions count too: mode %d, %v", mode, err)
	}
	r := newRand(7)
	var o orders
	var want []uint32
	total, full := 0, 0
	for full < 100 {
		p := guarded(unused, drawProgram(r, 1+r.IntN(120)))
		o.attach(p)
		if n := p.ExtendedLen(); total+n <= chainLimit {
			total += n + chainCost
			want = append(want, 0)
		} else {
			full++
			want = append(want, uint32(unix.ENOMEM))
		}
	}
	if got := o.send(t, len(want)); !slices.Equal(got, want) {
		t.Errorf("errno of each filter:\ngot  %v\nwant %v", got, want)
	}
}

// answering is p for the kernel to run: it ends with an errno that holds eight bits
// of p's answer from shift on. (Of greater errnos some make the kernel start the
// call again when a signal comes.)
func answering(p Program, shift uint32) Program {
	at := make([]int, len(p)) // where the instructions come to stand
	n := 0
	for pc, i := range p {
		at[pc] = n
		n++
		if i.Op == OpRetK {
			n++
		}
	}
	to := func(pc int, skip uint32) int { return at[pc+1+int(skip)] - at[pc] - 1 }
	var q Program
	for pc, i := range p {
		switch s := shapeOf(i.Op); {
		case i.Op == OpRetK:
			q = append(q, xbpf.RawInstruction{Op: OpLdImm, K: i.K}, xbpf.RawInstruction{Op: OpJa, K: uint32(n - len(q) - 2)})
			continue
		case i.Op == OpRetA:
			i = xbpf.RawInstruction{Op: OpJa, K: uint32(n - len(q) - 1)}
		case s.operand == target:
			i.K = uint32(to(pc, i.K))
		case s.branch:
			i.Jt, i.Jf = uint8(to(pc, uint32(i.Jt))), uint8(to(pc, uint32(i.Jf)))
		}
		q = append(q, i)
	}
	return append(q, Program{
		{Op: OpRshK, K: shift},
		{Op: OpAndK, K: 0xff},
		{Op: OpOrK, K: 0x50000}, // SECCOMP_RET_ERRNO
		{Op: OpRetA},
	}...)
}

// ask lets the kernel run programs, each for one call, and returns its answers.
func ask(t testing.TB, programs []Program, args [][6]uint64) []uint32 {
	t.Helper()
	shifts := []uint32{0, 8, 16, 24}
	var o orders
	for n, p := range programs {
		for s, shift := range shifts {
			o.attach(guarded(uint32(unused+len(shifts)*n+s), answering(p, shift)))
		}
	}
	for n := range programs {
		for s := range shifts {
			o.call(doCall, uint32(unused+len(shifts)*n+s), args[n])
		}
	}
	all := o.send(t, 2*len(shifts)*len(programs))
	attached, answers := all[:len(all)/2], all[len(all)/2:]
	var got []uint32
	for n, p := range programs {
		var answer uint32
		for s, shift := range shifts {
			if errno := attached[len(shifts)*n+s]; errno != 0 {
				t.Fatalf("%v: the kernel answers %v", answering(p, shift), syscall.Errno(errno))
			}
			answer |= answers[len(shifts)*n+s] << shift
		}
		got = append(got, answer)
	}
	return got
}

// kernelData is what a program sees of a call, but for the instruction pointer,
// which nobody can foretell.
func kernelData(audit, nr uint32, args [6]uint64) *Data {
	b := make([]byte, 16, dataSize)
	for _, a := range args {
		b = binary.NativeEndian.AppendUint64(b, uint64(uintptr(a)))
	}
	d := &Data{0: nr, 1: audit}
	for w := 4; w < len(d); w++ {
		d[w] = binary.NativeEndian.Uint32(b[4*w:])
	}
	return d
}

// TestKernelRun compares answers. The number differs between the calls for
// one program, so programs do not read it.
func TestKernelRun(t *testing.T) {
	audit := ask(t, []Program{mustParse(t, "ld [4]\nret a")}, make([][6]uint64, 1))[0]
	r := newRand(8)
	executed := map[uint16]int{}
	compared := 0
	for range 16 {
		var programs []Program
		var args [][6]uint64
		var data []*Data
		for range 60 {
			p, d, a := drawRun(r, audit)
			programs, args, data = append(programs, p), append(args, a), append(data, d)
		}
		for n, got := range ask(t, programs, args) {
			p, d := programs[n], data[n]
			if want := p.Trace(d, func(pc int) { executed[p[pc].Op]++ }); got != want {
				t.Errorf("%v%x: the kernel answers %#x, Run %#x", p, *d, got, want)
			}
			compared++
		}
	}
	for _, code := range acceptedCodes {
		if executed[code] < 8 {
			t.Errorf("opcode %#x executed %d times, want 8 at least", code, executed[code])
		}
	}
	t.Logf("%d answers compared", compared)
}

// TestKernelRegisters lives only under a kernel that begins with both registers 0.
func TestKernelRegisters(t *testing.T) {
	p := mustParse(t, "jeq #0 jt 1 jf 4\ntxa\njeq #0 jt 3 jf 4\nret #0x7fff0000\nret #0x80000000")
	var o orders
	o.attach(p)
	o.call(doCall, unused, [6]uint64{})
	if got := o.send(t, 2); got[0] != 0 || got[1] != uint32(unix.ENOSYS) {
		t.Errorf("got %v, want 0 and ENOSYS", got)
	}
}

// TestKernelDivideByZero sees the thread of a call die whose filter divides by 0,
// and not die where it does not.
func TestKernelDivideByZero(t *testing.T) {
	for divisor, want := range map[uint64]uint32{0: killed, 1: 7} {
		p := mustParse(t, "ld [16]\ntax\nld [20]\nor x\ntax\nld #0x50007\ndiv x\nret a")
		var o orders
		o.attach(guarded(unused, p))
		o.call(doDie, unused, [6]uint64{divisor})
		if got := o.send(t, 2); got[0] != 0 || got[1] != want {
			t.Errorf("by %d: got %x, want 0 and %x", divisor, got, want)
		}
	}
}

// drawRun draws a program and a call whose answer is certain on every kernel: it
// reads neither the number nor the instruction pointer, does not shift by 32 or more,
// and does not divide by 0.
func drawRun(r *rand.Rand, audit uint32) (Program, *Data, [6]uint64) {
	for {
		p := drawProgram(r, 1+r.IntN(40))
		for pc := range p {
			if p[pc].Op == OpLdAbs && p[pc].K != 4 {
				p[pc].K = max(p[pc].K, 16)
			}
		}
		var args [6]uint64
		for a, d := 0, drawData(r, p); a < len(args); a++ {
			args[a] = uint64(d[2*a])<<32 | uint64(d[2*a+1])
		}
		d := kernelData(audit, 0, args)
		if !shiftsFar(p, d) && !dividesByZero(p, d) {
			return p, d, args
		}
	}
}

func dividesByZero(p Program, d *Data) bool {
	last := 0
	p.Trace(d, func(pc int) { last = pc })
	return p[last].Op == OpDivX
}
