"""A light client: requests as bytes over connections that stay open, driven by one loop, so that the server is what takes time."""

import json
import selectors
import socket


def request(method, path, message=None, host="localhost"):
    """A request as it goes over the wire."""
    body = b"" if message is None else json.dumps(message).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def send(self, data):
        self.received = b""
        self.socket.sendall(data)

    def body(self):
        """Reads what has come; the body once it is complete, else nothing. A status that is not 200 is an error."""
        piece = self.socket.recv(1 << 18)
        assert piece, "the server closed the connection"
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
        while (body := self.body()) is None:
            pass
        return body

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
        for key, _ in selector.select():
            connection, queue = key.data
            if connection.body() is None:
                continue
            following = next(queue, None)
            if following is None:
                selector.unregister(connection.socket)
            else:
                connection.send(following)
