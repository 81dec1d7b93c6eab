"""Runs a command in a terminal of 40 rows and 140 columns: what it draws goes to standard output, standard input is what is typed."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

pid, master = pty.fork()
if pid == 0:
    # Set before the command begins: it asks once.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])

watched = [master, 0]
while True:
    ready, _, _ = select.select(watched, [], [])
    if 0 in ready:
        typed = os.read(0, 1024)
        if typed:
            os.write(master, typed)
        else:
            watched.remove(0)
    if master in ready:
        try:
            drawn = os.read(master, 65536)
        except OSError:
            break
        if not drawn:
            break
        os.write(1, drawn)

_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
