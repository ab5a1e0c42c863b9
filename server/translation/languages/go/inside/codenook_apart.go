package program

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

const (
	codenookCPUSeconds = 2
	codenookWall       = 8 * time.Second
	codenookMostBytes  = 1 << 20
	codenookMostSlow   = 5
	codenookMemory     = 768 << 20
	codenookStack      = 64 << 20
)

// codenookFunction is what is called: of a method, make gives the object.
type codenookFunction struct {
	function   any
	make       any
	isMethod   bool
	parameters []codenookShape
	results    []codenookShape
}

func codenookEnded(how, name, message string) string {
	return fmt.Sprintf(`{"how":"%s","error":%s,"message":%s}`, how, codenookText(name), codenookText(strings.ToValidUTF8(message, "?")))
}

func codenookNotRun(why string) string {
	return fmt.Sprintf(`{"how":"not_run","why":%s}`, codenookText(strings.ToValidUTF8(why, "?")))
}

// codenookRun runs the calls that stdin tells, a line each, in processes of their own.
func codenookRun(function codenookFunction) {
	if len(os.Args) > 1 {
		codenookInside(function)
	}
	fmt.Println("ready")
	reader := bufio.NewReader(os.Stdin)
	slow := 0
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		told := codenookNotRun("too many calls before it took too long")
		if slow < codenookMostSlow {
			told = codenookApart(line)
		}
		if strings.HasPrefix(told, `{"how":"timed_out"`) {
			slow++
		}
		fmt.Println(told)
	}
}

func codenookApart(line string) string {
	from, to, err := os.Pipe()
	if err != nil {
		return codenookNotRun("there is no pipe")
	}
	child := exec.Command(os.Args[0], "call")
	child.Stdin = strings.NewReader(line)
	child.ExtraFiles = []*os.File{to}
	child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = child.Start()
	to.Close()
	defer from.Close()
	if err != nil {
		return codenookNotRun("there is no process")
	}
	from.SetReadDeadline(time.Now().Add(codenookWall))
	told, err := bufio.NewReader(io.LimitReader(from, codenookMostBytes)).ReadString('\n')
	if err == nil || !errors.Is(err, io.EOF) || len(told) >= codenookMostBytes {
		syscall.Kill(-child.Process.Pid, syscall.SIGKILL)
	}
	child.Wait()
	state := child.ProcessState
	switch {
	case err == nil:
		return strings.TrimSpace(told)
	case len(told) >= codenookMostBytes:
		return codenookNotRun("what it gives is too long")
	case !errors.Is(err, io.EOF):
		return codenookEnded("timed_out", "", "")
	}
	status := state.Sys().(syscall.WaitStatus)
	if status.Signaled() && status.Signal() == syscall.SIGXCPU {
		return codenookEnded("timed_out", "", "")
	}
	if status.Signaled() {
		return codenookEnded("crashed", "signal", status.Signal().String())
	}
	return codenookEnded("crashed", "exit", fmt.Sprintf("it ended the process with the status %d", status.ExitStatus()))
}

func codenookInside(function codenookFunction) {
	line, _ := io.ReadAll(os.Stdin)
	out := os.NewFile(3, "out")
	nothing, _ := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	for fd := 0; fd < 3; fd++ {
		syscall.Dup3(int(nothing.Fd()), fd, 0)
	}
	syscall.CloseOnExec(3)
	debug.SetMaxStack(codenookStack)
	syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: codenookMemory, Max: codenookMemory})
	syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: codenookCPUSeconds, Max: codenookCPUSeconds + 1})
	told := codenookOutcome(function, line)
	fmt.Fprintln(out, told)
	os.Exit(0)
}
