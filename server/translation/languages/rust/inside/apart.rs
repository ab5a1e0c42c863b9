//! Runs each call in a process of its own, which can end or hang without harm to the others.

use std::io::{self, BufRead, Write};
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use super::json::Told;
use super::telling::{ended, not_run};

const CPU_S: u64 = 2;
const WALL: Duration = Duration::from_secs(8);
const MEMORY_BYTES: u64 = 512 << 20;
const MOST_BYTES: usize = 1 << 20;
const MOST_SLOW: usize = 5;

const POLLIN: i16 = 1;
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
const RLIMIT_CPU: i32 = 0;
const RLIMIT_CORE: i32 = 4;
const RLIMIT_AS: i32 = 9;
const O_RDWR: i32 = 2;

#[repr(C)]
struct Polled {
    fd: i32,
    events: i16,
    revents: i16,
}

extern "C" {
    fn fork() -> i32;
    fn pipe(ends: *mut i32) -> i32;
    fn open(path: *const u8, flags: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn close(fd: i32) -> i32;
    fn read(fd: i32, into: *mut u8, size: usize) -> isize;
    fn write(fd: i32, from: *const u8, size: usize) -> isize;
    fn poll(polled: *mut Polled, n: u64, timeout_ms: i32) -> i32;
    fn kill(process: i32, signal: i32) -> i32;
    fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    fn setpgid(process: i32, group: i32) -> i32;
    fn setrlimit(of: i32, limits: *const [u64; 2]) -> i32;
    fn _exit(status: i32) -> !;
}

/// What a call's function is: it is given what the object is made with, and the arguments.
pub type Function = fn(&[Told], &[Told]) -> Result<String, String>;

/// Runs the calls that stdin tells, one a line, and tells on stdout what came of each.
pub fn run(function: Function) {
    let calls: Vec<String> = io::stdin().lock().lines().map_while(Result::ok).collect();
    tell("ready");
    let mut n_slow = 0;
    for call in &calls {
        if n_slow == MOST_SLOW {
            tell(&not_run("too many calls before it took too long"));
            continue;
        }
        let told = unsafe { apart(function, call) };
        n_slow += usize::from(told.starts_with(r#"{"how":"timed_out""#));
        tell(&told);
    }
}

fn tell(line: &str) {
    let mut out = io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

unsafe fn apart(function: Function, call: &str) -> String {
    let mut ends = [0; 2];
    if pipe(ends.as_mut_ptr()) != 0 {
        return not_run("there is no pipe");
    }
    let child = fork();
    if child == 0 {
        close(ends[0]);
        inside(function, call, ends[1]);
    }
    close(ends[1]);
    if child < 0 {
        close(ends[0]);
        return not_run("there is no process");
    }
    let answer = answered(ends[0]);
    kill(-child, SIGKILL);
    if answer.is_some() {
        kill(child, SIGKILL);
    }
    close(ends[0]);
    let mut status = 0;
    waitpid(child, &mut status, 0);
    match answer {
        Some(bytes) if bytes.ends_with(b"\n") => String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned(),
        Some(bytes) if bytes.len() >= MOST_BYTES => not_run("what it gives is too long"),
        Some(_) => ended("timed_out", "", ""),
        None => died(status),
    }
}

/// What a child tells until it is done, or too slow; None when it ended before it told all.
unsafe fn answered(from: i32) -> Option<Vec<u8>> {
    let (mut all, mut piece, end) = (Vec::new(), [0; 1 << 16], Instant::now() + WALL);
    loop {
        let left = end.saturating_duration_since(Instant::now()).as_millis() as i32;
        let mut polled = Polled { fd: from, events: POLLIN, revents: 0 };
        if left == 0 || all.len() >= MOST_BYTES || all.ends_with(b"\n") {
            return Some(all);
        }
        if poll(&mut polled, 1, left) > 0 {
            let n = read(from, piece.as_mut_ptr(), piece.len());
            if n <= 0 {
                return None;
            }
            all.extend_from_slice(&piece[..n as usize]);
        }
    }
}

fn died(status: i32) -> String {
    match status & 0x7f {
        SIGXCPU => ended("timed_out", "", ""),
        0 => {
            let code = status >> 8 & 0xff;
            ended("crashed", "exit", &format!("it ended the process with the status {code}"))
        }
        signal => {
            let name = match signal {
                4 => "SIGILL",
                6 => "SIGABRT",
                7 => "SIGBUS",
                8 => "SIGFPE",
                SIGKILL => "SIGKILL",
                11 => "SIGSEGV",
                _ => "signal",
            };
            ended("crashed", name, &format!("signal {signal} ended it"))
        }
    }
}

unsafe fn inside(function: Function, call: &str, to: i32) -> ! {
    setpgid(0, 0);
    let nothing = open(c"/dev/null".as_ptr().cast(), O_RDWR);
    for fd in 0..3 {
        dup2(nothing, fd);
    }
    setrlimit(RLIMIT_CORE, &[0, 0]);
    setrlimit(RLIMIT_CPU, &[CPU_S, CPU_S + 1]);
    setrlimit(RLIMIT_AS, &[MEMORY_BYTES, MEMORY_BYTES]);
    panic::set_hook(Box::new(|_| {}));
    let mut told = panic::catch_unwind(AssertUnwindSafe(|| outcome(function, call))).unwrap_or_else(|error| {
        let text = error.downcast_ref::<&str>().map(|text| text.to_string());
        let text = text.or_else(|| error.downcast_ref::<String>().cloned());
        ended("raised", "panic", &text.unwrap_or_default())
    });
    told.push('\n');
    let mut rest = told.as_bytes();
    while !rest.is_empty() {
        let n = write(to, rest.as_ptr(), rest.len());
        if n <= 0 {
            break;
        }
        rest = &rest[n as usize..];
    }
    _exit(0)
}

fn outcome(function: Function, call: &str) -> String {
    let told = match Told::of(call) {
        Ok(told) => told,
        Err(why) => return not_run(&why),
    };
    let [made_with, arguments] = told.items() else { return not_run("it can't be read") };
    function(made_with.items(), arguments.items()).unwrap_or_else(|why| not_run(&why))
}
