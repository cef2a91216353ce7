# SPDX-License-Identifier: PostgreSQL
"""A server of a version that cannot be installed: it lets everybody in, and
answers every statement with no rows."""
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


class FakeServer:
    """with FakeServer("9.3.25") as fake: ... fake.port"""

    def __init__(self, version):
        self.version = version
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
        with connection, connection.makefile("rb") as stream:
            if self.greet(connection, stream):
                while kind := stream.read(1):
                    stream.read(struct.unpack("!i", stream.read(4))[0] - 4)
                    if kind not in ANSWERS:
                        return
                    connection.sendall(ANSWERS[kind])

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
