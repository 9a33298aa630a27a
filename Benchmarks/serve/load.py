"""A light client: requests as bytes over connections that stay open, driven by one loop, so that the server is what takes time."""

import json
import selectors
import socket


def request(method, path, message=None, host="localhost"):
    """A request as it goes over the wire."""
    body = b"" if message is None else json.dumps(message).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Closed(Exception):
    """The server closed the connection before it answered."""


class Connection:
    #: How often a server closed a connection, so that a request was sent again.
    closed = 0

    def __init__(self, port):
        self.port = port
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def send(self, data):
        self.received, self.sent = b"", data
        try:
            self.socket.sendall(data)
        except OSError:
            self.again()

    def again(self):
        """Sends the last request over a new connection: MLflow's server closes one that is idle for five seconds, or whose worker is replaced."""
        Connection.closed += 1
        self.socket.close()
        self.open()
        self.socket.sendall(self.sent)

    def body(self):
        """Reads what has come; the body once it is complete, else nothing. A status that is not 200 is an error."""
        try:
            piece = self.socket.recv(1 << 18)
        except ConnectionError:
            piece = b""
        if not piece:
            raise Closed
        self.received += piece
        at = self.received.find(b"\r\n\r\n")
        if at < 0:
            return None
        head = self.received[:at].lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self.received) < at + 4 + length:
            return None
        assert head.startswith(b"http/1.1 200"), self.received[:600]
        return self.received[at + 4:]

    def ask(self, data):
        self.send(data)
        while True:
            try:
                if (body := self.body()) is not None:
                    return body
            except Closed:
                self.again()

    def post(self, path, message):
        return json.loads(self.ask(request("POST", f"/api/2.0/mlflow/{path}", message)))


def drive(connections, requests):
    """Sends the requests of each connection, each when the one before is answered."""
    selector = selectors.DefaultSelector()
    queues = [iter(one) for one in requests]
    for connection, queue in zip(connections, queues):
        selector.register(connection.socket, selectors.EVENT_READ, (connection, queue))
        connection.send(next(queue))
    while selector.get_map():
        ready = selector.select(120)
        assert ready, "the server answers nothing for two minutes"
        for key, _ in ready:
            connection, queue = key.data
            following = None
            try:
                if connection.body() is None:
                    continue
                following = next(queue, None)
                if following is not None:
                    connection.send(following)
            except Closed:
                connection.again()
                following = connection.sent
            # It may be another socket by now.
            if following is None or connection.socket is not key.fileobj:
                selector.unregister(key.fileobj)
                if following is not None:
                    selector.register(connection.socket, selectors.EVENT_READ, key.data)
