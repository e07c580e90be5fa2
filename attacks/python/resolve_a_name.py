#: what     a name is not looked up anywhere
#: id       A-107
#: expect   runtime_error
#: error    socket.gaierror|OSError|PermissionError
import socket

socket.create_connection(("example.invalid", 80), timeout=5)
