# SPDX-License-Identifier: PostgreSQL
"""What travels between machines in clear, and what nobody asked the name of,
is told for each of the three ways."""
import json
import subprocess

import pytest

ROWS = ("encryption", "encryption_between")


def address_of_this_machine():
    routes = json.loads(subprocess.run(
        ["ip", "-j", "-4", "addr"], capture_output=True, text=True,
        check=True).stdout)
    found = [a["local"] for link in routes for a in link["addr_info"]
             if not a["local"].startswith("127.")]
    if not found:
        # a way between two machines needs an address that is not loopback,
        # and a sandbox may have none; the machines of CI have eth0
        pytest.skip("this machine has no address but its own loopback")
    return found[0]


def listen_everywhere(clusters, server, ssl):
    """A server that is reached from outside, with a certificate of its own
    making or without."""
    server.hba = server.hba + "host all all samenet scram-sha-256\n"
    more = ""
    if ssl:
        subprocess.run(
            ["openssl", "req", "-new", "-x509", "-days", "9", "-nodes",
             "-subj", "/CN=db", "-keyout", server.data / "server.key",
             "-out", server.data / "server.crt"], check=True,
            capture_output=True)
        owner = server.data.stat()
        for name in ("server.key", "server.crt"):
            subprocess.run(["chown", f"{owner.st_uid}:{owner.st_gid}",
                            server.data / name], check=True)
        (server.data / "server.key").chmod(0o600)
        more = " -c ssl=on"
    clusters.pg_ctl(server, "restart", "-w", "-o",
                    f"-p {server.port} -k {server.folder}/run "
                    f"-c listen_addresses='*'{more}")


def told(p, *words):
    checks = p.pgrepup("check", "--json", *words, check=False).json["checks"]
    return {(c["id"], c["side"]): (c["status"], c["current"], c["hint"])
            for c in checks if c["id"] in ROWS and c["current"]}


def test_each_way_on_which_somebody_can_read_along_is_told(pair, clusters):
    p, address = pair(15, 18), address_of_this_machine()
    p.pgrepup("config", "set", "mechanism=native")
    assert not told(p)      # on one machine nobody is in between
    listen_everywhere(clusters, p.source, ssl=True)
    listen_everywhere(clusters, p.destination, ssl=False)
    p.pgrepup("config", "set", f"source.host={address}",
              f"destination.host={address}")
    found = told(p)
    assert len(found) == 3
    status, current, hint = found["encryption", "source"]
    assert status == "warn" and "sslmode=prefer does not ask" in current
    status, current, _ = found["encryption", "destination"]
    assert (status, current.split(" to ")[0]) == ("warn", "no SSL")
    status, current, _ = found["encryption_between", "destination"]
    assert status == "warn" and current.startswith("SSL to ")
    # the hint as it stands mends both ways to the source
    words = hint.split("`pgrepup ")[1].split("`")[0].split()
    p.pgrepup(*words)
    found = told(p)
    for row in (("encryption", "source"),
                ("encryption_between", "destination")):
        assert found[row][0] == "ok", found
        assert "certificate not verified" in found[row][1]
    # and what replicates is really encrypted
    p.source.psql("CREATE DATABASE app")
    p.source.psql("CREATE TABLE t (id int PRIMARY KEY)", "app")
    p.pgrepup("fix", "--yes")
    p.pgrepup("setup")
    p.pgrepup("start")
    assert p.source.query(
        "SELECT DISTINCT s.ssl FROM pg_stat_replication r "
        "JOIN pg_stat_ssl s USING (pid)") == [(True,)]
    assert "hostssl" in p.source.hba
    p.pgrepup("config", "set", "source.sslmode=disable")
    assert told(p)["encryption", "source"][1].startswith("no SSL")
    # nor does whoever answers as the source get the password in clear
    p.source.hba = ("host all pgrepup_replication all password\n" +
                    p.source.hba)
    [reached] = [c for c in p.pgrepup("check", "--json", "server_to_server",
                                      check=False).json["checks"]
                 if c["id"] == "server_to_server"]
    assert reached["status"] == "ko"
    assert 'authentication method requirement "!password"' in reached["current"]
