"""What a submission is compared with: the command alone, and the same command in the boxes of others.

A peer turns a command into the one that runs it. Every peer shows the command the host's /usr and /etc, read-only, and the
work folder under its own path; its environment has PATH and HOME alone. One that can not be used here says why when it is
made, by raising `Unusable`.
"""
import contextlib
import ctypes
import io
import itertools
import json
import os
import subprocess
import tarfile

# What /usr is joined with on a distribution whose /bin is a link.
LINKS = {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64"}
CLONE_NEWNS = 0x00020000


class Unusable(Exception):
    """This host can not run the peer."""


class Bare:
    """The command a user would type."""

    name = "bare command"

    def __init__(self, folder):
        # HOME is the work folder, where `go build` keeps what it has compiled.
        self.folder = folder
        self.environment = {"HOME": folder, "PATH": "/usr/bin:/bin"}

    def command(self, words):
        return words

    def run(self, words, stdin, stdout):
        """Runs what `command` gave, in the current folder."""
        # Neither a shell nor `subprocess`: their own time would count as the command's.
        files = [(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)]
        process = os.posix_spawn(words[0], words, self.environment, file_actions=files)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if status != 0:
            raise RuntimeError(f"{' '.join(words)}: status {status}")

    def attempt(self, command):
        """Raises `Unusable` with the last thing the command says if it fails."""
        try:
            done = subprocess.run(
                command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
            )
        except FileNotFoundError:
            raise Unusable("is not installed") from None
        except subprocess.TimeoutExpired:
            raise Unusable("did not end within a minute") from None
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines() or [f"status {done.returncode}"]
            raise Unusable(said[-1])

    def stop(self):
        """Nothing is left."""


class Bubblewrap(Bare):
    """bubblewrap with everything unshared."""

    name = "bwrap"

    def __init__(self, folder):
        super().__init__(folder)
        links = [word for link, target in LINKS.items() for word in ("--symlink", target, "/" + link)]
        self.before = [
            "/usr/bin/bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--ro-bind", "/usr", "/usr", *links, "--ro-bind", "/etc", "/etc", "--proc", "/proc", "--dev", "/dev",
            "--tmpfs", "/tmp", "--bind", folder, folder, "--chdir", folder, "--",
        ]
        self.attempt(self.command(["/usr/bin/true"]))

    def command(self, words):
        return self.before + words


class Crun(Bare):
    """`crun run` with a bundle for each command."""

    name = "crun run"

    def __init__(self, folder):
        super().__init__(folder)
        if os.geteuid() != 0:
            raise Unusable("needs root")
        self.bundles = os.path.join(os.path.dirname(folder), "bundles")
        self.root = os.path.join(self.bundles, "root")
        for name in ("usr", "etc", "proc", "dev", "tmp"):
            os.makedirs(os.path.join(self.root, name))
        for link, target in LINKS.items():
            os.symlink(target, os.path.join(self.root, link))
        self.numbers = itertools.count()
        self.place = contextlib.nullcontext()
        trial = self.command(["/usr/bin/true"])
        try:
            self.attempt(trial)
        except Unusable:
            # It refuses a host that has cgroups of both versions; one without the second is easily made.
            self.place = PlaceWithoutCgroup2()
            try:
                with self.place:
                    self.attempt(trial)
            except Unusable:
                self.place.stop()
                raise

    def command(self, words):
        bundle = os.path.join(self.bundles, str(next(self.numbers)))
        os.mkdir(bundle)
        with open(os.path.join(bundle, "config.json"), "w", encoding="utf-8") as file:
            json.dump(self._config(words), file)
        return ["/usr/bin/crun", "run", "--bundle", bundle, f"code-runner-bench-{os.getpid()}-{os.path.basename(bundle)}"]

    def run(self, words, stdin, stdout):
        with self.place:
            super().run(words, stdin, stdout)

    def stop(self):
        if isinstance(self.place, PlaceWithoutCgroup2):
            self.place.stop()

    def _config(self, words):
        bind = lambda path, *options: {
            "destination": path, "type": "bind", "source": path, "options": ["bind", "nosuid", *options],
        }
        other = lambda path, kind: {"destination": path, "type": kind, "source": kind, "options": ["nosuid"]}
        return {
            "ociVersion": "1.0.2",
            "process": {
                "terminal": False, "user": {"uid": 0, "gid": 0}, "args": words, "cwd": self.folder,
                "env": [f"{name}={value}" for name, value in self.environment.items()],
                "capabilities": {}, "noNewPrivileges": True,
            },
            "root": {"path": self.root, "readonly": True},
            "mounts": [
                bind("/usr", "ro"), bind("/etc", "ro"), other("/proc", "proc"), other("/dev", "tmpfs"),
                other("/tmp", "tmpfs"), bind(self.folder, "rw"),
            ],
            "linux": {
                "namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts", "network", "cgroup")],
                "resources": {"memory": {"limit": 2 << 30}, "pids": {"limit": 256}},
            },
        }


class Docker(Bare):
    """`docker run` without a network, of an image that is empty but for the links beside /usr."""

    name = "docker run"
    image = "code-runner-bench"

    def __init__(self, folder):
        super().__init__(folder)
        self.docker = next((path for path in ("/usr/bin/docker", "/usr/local/bin/docker") if os.path.exists(path)), None)
        if not self.docker:
            raise Unusable("is not installed")
        self.attempt([self.docker, "version"])
        subprocess.run([self.docker, "import", "-", self.image], input=_empty_image(), stdout=subprocess.DEVNULL, check=True)
        self.attempt(self.command(["/usr/bin/true"]))

    def command(self, words):
        volumes = ["/usr:/usr:ro", "/etc/alternatives:/etc/alternatives:ro", f"{self.folder}:{self.folder}"]
        volumes += [f"/etc/{name}:/etc/{name}:ro" for name in os.listdir("/etc") if name.startswith("java")]
        return [
            self.docker, "run", "--rm", "--interactive", "--network", "none", "--workdir", self.folder,
            *(word for name, value in self.environment.items() for word in ("--env", f"{name}={value}")),
            *(word for volume in volumes for word in ("--volume", volume)), self.image, *words,
        ]

    def stop(self):
        subprocess.run([self.docker, "image", "rm", "--force", self.image], stdout=subprocess.DEVNULL, check=False)


PEERS = [Bubblewrap, Crun, Docker]


class PlaceWithoutCgroup2:
    """A mount namespace without the mount of cgroup v2. What is started in a `with` block starts there."""

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        # It reads from us, so that it ends with us whatever happens.
        script = "umount /sys/fs/cgroup/unified && echo made && exec cat"
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        if self.holder.stdout.readline() != b"made\n":
            self.holder.communicate()
            raise Unusable("refuses this host's cgroups")
        self.host = os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        self.inside = os.open(f"/proc/{self.holder.pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self):
        self.folder = os.getcwd()
        self._enter(self.inside)

    def __exit__(self, *_):
        self._enter(self.host)
        os.chdir(self.folder)  # Another mount namespace is entered at its root.

    def _enter(self, namespace):
        if self.libc.setns(namespace, CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    def stop(self):
        self.holder.communicate()
        os.close(self.host)
        os.close(self.inside)


def _empty_image():
    """An archive with the links, and the folders that something is mounted on."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name in ("usr", "etc", "tmp"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            tar.addfile(folder)
        for link, target in LINKS.items():
            one = tarfile.TarInfo(link)
            one.type, one.linkname = tarfile.SYMTYPE, target
            tar.addfile(one)
    return archive.getvalue()
