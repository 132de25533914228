"""A PostgreSQL cluster of its own in a temporary folder. It hears on a socket in its folder only."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile


class Cluster:
    def __init__(self):
        tools = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
        if not tools:
            raise LookupError("postgresql")
        self.tools = tools[-1]
        self.folder = tempfile.mkdtemp(prefix="quality-")
        self.user = []
        if os.geteuid() == 0:
            # The server refuses to run as root.
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
            self.user = ["runuser", "-u", "postgres", "--"]
        self.data = os.path.join(self.folder, "data")
        self.run("initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        options = f"-k {self.folder} -c listen_addresses='' -c shared_buffers=256MB"
        self.run("pg_ctl", "-D", self.data, "-o", options, "-l", os.path.join(self.folder, "log"), "-w", "start")

    def run(self, tool, *words):
        command = self.user + [os.path.join(self.tools, tool), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def ask(self, script):
        command = self.user + [os.path.join(self.tools, "psql"), "-h", self.folder, "-U", "postgres", "-qAtX"]
        done = subprocess.run(
            command + ["-v", "ON_ERROR_STOP=1"],
            input=script, text=True, capture_output=True, check=True, cwd=self.folder,
        )
        return done.stdout

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)
