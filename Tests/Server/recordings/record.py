"""Records what a client of MLflow sends, so that a test can send it again.

    python record.py CLIENT ADDRESS > CLIENT.jsonl

CLIENT is a function of clients.py; ADDRESS is a running `tracker serve`, or MLflow's own server, with an empty store. Each line is a request with the
status that it got and the answer's JSON. Bodies that are no JSON are kept by their length.
"""

import http.client
import http.server
import json
import os
import sys
import tempfile
import threading
import urllib.parse

HEADERS = ("content-type", "user-agent")


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lines = []
    lock = threading.Lock()

    def handle_request(self):
        body = self.body()
        target = urllib.parse.urlsplit(self.server.target)
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "transfer-encoding", "content-length", "connection")}
        connection.request(self.command, self.path, body, {**headers, "Content-Length": str(len(body))})
        response = connection.getresponse()
        answer = response.read()
        path, _, query = self.path.partition("?")
        line = {"method": self.command, "path": urllib.parse.unquote(path), "query": urllib.parse.parse_qsl(query, keep_blank_values=True)}
        for name in HEADERS:
            if value := self.headers.get(name):
                line[name] = value
        line["body"] = text(body)
        line["status"] = response.status
        line["answer"] = text(answer)
        with self.lock:
            self.lines.append(line)
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_request

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            pieces = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, *arguments):
        pass


def text(data):
    """A body as it is, or as many bytes as it has."""
    try:
        value = data.decode()
        if len(value) < 20_000 and (not value or value[0] in "{["):
            return value
    except UnicodeDecodeError:
        pass
    return {"bytes": len(data)}


def main():
    name, target = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.target = target
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["MLFLOW_TRACKING_URI"] = f"http://127.0.0.1:{server.server_port}"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    out, sys.stdout = sys.stdout, sys.stderr
    import clients

    getattr(clients, name)()
    here = [os.getcwd(), os.path.dirname(os.path.abspath(__file__)), sys.prefix, tempfile.gettempdir()]
    for line in Recorder.lines:
        recorded = json.dumps(line, ensure_ascii=False)
        for folder in sorted(here, key=len, reverse=True):
            recorded = recorded.replace(folder, "/home/ann")
        print(recorded, file=out)


if __name__ == "__main__":
    main()
