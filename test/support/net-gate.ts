import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The way from a cluster to the broker, which can be shut: what passes through it is cut off, and nobody gets in. */
export class NetGate {
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #isOpen = true;
  url = '';

  constructor(brokerUrl: string) {
    this.#port = Number(new URL(brokerUrl).port);
  }

  async start(): Promise<void> {
    const server = createServer((socket) => {
      if (!this.#isOpen) return void socket.destroy();
      const broker = connect(this.#port, '127.0.0.1');
      for (const [one, other] of [
        [socket, broker],
        [broker, socket],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  shut(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#isOpen = true;
  }

  async stop(): Promise<void> {
    this.shut();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
  }
}
