import { mkdtemp, rm, symlink } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const SOCKET = "ldaps.socket";

/**
 * Runs inside the namespaces: brings the loopback interface up, leaves a child behind that passes
 * connections from a socket file on to port 636, and becomes Samba. The child ends with its parent.
 */
const SCRIPT = `
import ctypes, fcntl, os, signal, socket, struct, sys, threading

SIOCSIFFLAGS, IFF_UP, PR_SET_PDEATHSIG = 0x8914, 0x1, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))

def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

def serve(client):
    with client:
        try:
            server = socket.create_connection(("127.0.0.1", 636))
        except OSError:
            return
        with server:
            back = threading.Thread(target=copy, args=(server, client))
            back.start()
            copy(client, server)
            back.join()

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(128)
if os.fork() == 0:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.close(0)
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
os.execvp(sys.argv[2], sys.argv[2:])
`;

/** Puts the inner side of the door in front of the command that starts Samba. */
export const withDoor = (folder: string, command: readonly string[]): string[] => [
  "python3",
  "-c",
  SCRIPT,
  `/dc/${basename(folder)}/${SOCKET}`,
  ...command,
];

/** The outer side: a TCP port of the machine that leads to a server in a network of its own. */
export interface NamespaceDoor {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

function passOn(outer: Socket, path: string, open: Set<Socket>): void {
  const inner = connect(path);
  open.add(outer);
  outer.on("close", () => {
    open.delete(outer);
    inner.destroy();
  });
  outer.on("error", () => inner.destroy());
  inner.on("close", () => outer.destroy());
  inner.on("error", () => outer.resetAndDestroy());
  outer.pipe(inner);
  inner.pipe(outer);
}

/** Opens a free port that leads to a server started with {@link withDoor}. */
export async function openDoor(folder: string): Promise<NamespaceDoor> {
  const short = await mkdtemp(join(tmpdir(), "samba-"));
  await symlink(folder, join(short, "server"));
  const open = new Set<Socket>();
  const server = createServer((outer) => passOn(outer, join(short, "server", SOCKET), open));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: "127.0.0.1",
    port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(short, { recursive: true, force: true });
    },
  };
}
