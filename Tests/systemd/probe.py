#!/usr/bin/python3
"""Tries what a service of ours is not to do, and prints a line for each: NAME and `done` or the error's name.

It runs with the properties of the unit (t/60-rights); what it tries in the file system is open to everybody by its mode,
so that it is the unit which refuses.
"""
import ctypes
import errno
import mmap
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
# Of x86-64, else of the generic table.
NUMBERS = dict(zip(
    ("ptrace", "mount", "umount2", "unshare", "init_module", "bpf", "kexec_load", "reboot", "swapon", "clock_settime",
     "sethostname", "chroot", "open_by_handle_at", "perf_event_open", "personality", "setuid", "sched_setscheduler",
     "setpriority"),
    (101, 165, 166, 272, 175, 321, 246, 169, 167, 227, 170, 161, 304, 298, 135, 105, 144, 141)
    if os.uname().machine == "x86_64" else
    (117, 40, 39, 97, 105, 280, 104, 142, 224, 112, 161, 51, 265, 241, 92, 146, 119, 140)))


def system_call(name, *arguments):
    if libc.syscall(NUMBERS[name], *arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def write(path):
    with open(path, "w") as file:
        file.write("probe")
    os.remove(path)


def suid():
    path = sys.argv[1] + "/suid"
    with open(path, "w"):
        try:
            os.chmod(path, 0o4755)
        finally:
            os.remove(path)


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(5)
        one.connect(address)


def scheduling():
    system_call("sched_setscheduler", 0, os.SCHED_FIFO, ctypes.byref(ctypes.c_int(1)))


def lookup(name):
    try:
        socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise OSError(errno.EHOSTUNREACH, str(error))


# No time that could be set, whoever tries.
NO_NANOSECONDS = 1 << 40
CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x00020000
TRIALS = {
    "write below its own folder": lambda: write(sys.argv[1] + "/probe"),
    "write beside its own folder": lambda: write("/var/lib/open/probe"),
    "write below /etc": lambda: write("/etc/open/probe"),
    "write below /usr": lambda: write("/usr/open/probe"),
    "read below /home": lambda: open("/home/open/file").close(),
    "read below /root": lambda: open("/root/open/file").close(),
    "read others' /tmp": lambda: open("/tmp/open").close(),
    "read the daemon's database": lambda: open("/var/lib/invoiced/open").close(),
    "read the daemon's configuration": lambda: open("/etc/invoiced/open").close(),
    "see other processes": lambda: os.stat("/proc/1/stat"),
    "read /proc/sys": lambda: os.stat("/proc/sys/kernel/hostname"),
    "see the machine's devices": lambda: os.stat("/dev/open"),
    "make a file that runs as its owner": suid,
    "memory that is written and run": lambda: mmap.mmap(
        -1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "real-time scheduling": scheduling,
    "be nicer than others": lambda: system_call("setpriority", 0, 0, 5),
    "trace a process": lambda: system_call("ptrace", 16, os.getppid(), 0, 0),
    "mount": lambda: system_call("mount", b"x", b"/tmp", b"tmpfs", 0, 0),
    "unmount": lambda: system_call("umount2", b"/tmp", 0),
    "a user namespace": lambda: system_call("unshare", CLONE_NEWUSER),
    "a mount namespace": lambda: system_call("unshare", CLONE_NEWNS),
    "load a module": lambda: system_call("init_module", 0, 0, b""),
    "bpf": lambda: system_call("bpf", 5, 0, 0),
    "another kernel": lambda: system_call("kexec_load", 0, 0, 0, 0),
    "reboot": lambda: system_call("reboot", 0, 0, 0, 0),
    "swap": lambda: system_call("swapon", b"/nowhere", 0),
    "set the clock": lambda: system_call("clock_settime", 0, ctypes.byref((ctypes.c_long * 2)(1, NO_NANOSECONDS))),
    "set the host's name": lambda: system_call("sethostname", b"probe", 5),
    "another root": lambda: system_call("chroot", b"/tmp"),
    "files by handle": lambda: system_call("open_by_handle_at", -1, 0, 0),
    "counters of the processor": lambda: system_call("perf_event_open", 0, 0, -1, -1, 0),
    "another personality": lambda: system_call("personality", 8),
    "be root": lambda: system_call("setuid", 0),
    "a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    "a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
    "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close(),
    "an IPv4 socket": lambda: socket.socket(socket.AF_INET).close(),
    "an IPv6 socket": lambda: socket.socket(socket.AF_INET6).close(),
    "connect over TCP": lambda: connect(socket.AF_INET, ("127.0.0.1", int(sys.argv[2]))),
    "look a name up": lambda: lookup("gmail.probe.example"),
    "the control socket": lambda: connect(socket.AF_UNIX, "/run/invoiced/invoiced.sock"),
}

for name, trial in TRIALS.items():
    try:
        trial()
        result = "done"
    except OSError as error:
        result = errno.errorcode.get(error.errno, str(error))
    except LookupError as error:  # Python's own modules are gone, after another root was had.
        result = str(error)
    print(f"{name}: {result}", flush=True)
with open("/proc/self/status") as status:
    for line in status:
        if line.split(":")[0] in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp", "Groups"):
            print(line.replace("\t", " ").rstrip())
print("network:", os.readlink("/proc/self/ns/net"))
