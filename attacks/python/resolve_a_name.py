#: what     a name is not looked up anywhere
#: expect   runtime_error
#: error    socket.gaierror|OSError|PermissionError
import socket

socket.create_connection(("example.invalid", 80), timeout=5)
