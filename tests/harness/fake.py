# SPDX-License-Identifier: PostgreSQL
"""A server of a version that cannot be installed, or one that is none: it lets
everybody in, and answers every statement with no rows, or as it is told."""
import contextlib
import itertools
import socket
import struct
import threading


def message(kind, body=b""):
    return kind + struct.pack("!i", len(body) + 4) + body


def parameter(name, value):
    return message(b"S", f"{name}\0{value}\0".encode())


READY = message(b"Z", b"I")
ANSWERS = {
    b"P": message(b"1"), b"B": message(b"2"), b"D": message(b"n"),
    b"E": message(b"C", b"SELECT 0\0"), b"S": READY,
    b"Q": message(b"C", b"SELECT 0\0") + READY,
}


def columns(*names):
    return message(b"T", struct.pack("!h", len(names)) + b"".join(
        name.encode() + b"\0" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0)
        for name in names))


def row(*values):
    return message(b"D", struct.pack("!h", len(values)) + b"".join(
        struct.pack("!i", -1) if value is None
        else struct.pack("!i", len(value)) + value for value in values))


def endless(first, again):
    return itertools.chain([first], itertools.repeat(again * 100))


# What a hostile or broken server may say to a statement.
ODD = {
    "copy in": lambda: [message(b"G", b"\0\0\0")],
    "copy out": lambda: [message(b"H", b"\0\0\0"),
                         message(b"d", b"x\n") * 1000],
    "copy out for ever": lambda: endless(message(b"H", b"\0\0\0"),
                                         message(b"d", b"x" * 1000)),
    "copy both": lambda: [message(b"W", b"\0\0\0")],
    "rows for ever": lambda: endless(columns("name"), row(b"x" * 1000)),
    "errors for ever": lambda: endless(b"", message(
        b"E", b"SERROR\0CXX000\0Mno\0\0")),
    "notices for ever": lambda: endless(b"", message(
        b"N", b"SNOTICE\0C00000\0Mhello\0\0")),
    "nulls": lambda: [columns(*["name"] * 60), row(*[None] * 60) * 3,
                      message(b"C", b"SELECT 3\0"), READY],
    "no columns": lambda: [columns(), row() * 3,
                           message(b"C", b"SELECT 3\0"), READY],
}


class FakeServer:
    """with FakeServer("9.3.25") as fake: ... fake.port; odd: of ODD"""

    def __init__(self, version, odd=None):
        self.version, self.odd = version, odd
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self.socket.getsockname()
        self.user, self.password = "postgres", "secret"

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.session, args=(connection,),
                             daemon=True).start()

    def session(self, connection):
        with connection, connection.makefile("rb") as stream, \
                contextlib.suppress(ConnectionResetError):
            if self.greet(connection, stream):
                while kind := stream.read(1):
                    stream.read(struct.unpack("!i", stream.read(4))[0] - 4)
                    if kind not in ANSWERS:
                        return
                    if self.odd and kind in b"EQ":
                        self.say_odd(connection)
                    elif not self.odd or kind in b"PB":
                        connection.sendall(ANSWERS[kind])

    def say_odd(self, connection):
        """Until whom it is said to has enough."""
        with contextlib.suppress(OSError):
            for piece in ODD[self.odd]():
                connection.sendall(piece)

    def greet(self, connection, stream):
        """The start of a session; refuses SSL. False: nobody wanted one."""
        while head := stream.read(8):
            length, code = struct.unpack("!ii", head)
            stream.read(length - 8)
            if code == 196608:
                connection.sendall(
                    message(b"R", struct.pack("!i", 0))
                    + parameter("server_version", self.version)
                    + parameter("client_encoding", "UTF8")
                    + parameter("standard_conforming_strings", "on")
                    + parameter("is_superuser", "on")
                    + message(b"K", struct.pack("!ii", 1, 1)) + READY)
                return True
            connection.sendall(b"N")
        return False
