#: what     the whole of the root folder, and the five device nodes
#: id       A-069 A-078
#: control  devices
#: expect   ok
#: output   answer bin box code dev etc lib lib64 proc sbin tmp usr | fd full null random shm stderr stdin stdout urandom zero
#: mode     function
import os
return " ".join(sorted(os.listdir("/"))) + " | " + " ".join(sorted(os.listdir("/dev")))
