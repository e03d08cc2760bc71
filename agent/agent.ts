import { Controller } from './controller.js';
import { MqttLink } from './link.js';
import type { AgentOptions } from './options.js';

/**
 * One loudspeaker cluster: a controller and its connection. It speaks the protocol of `src/contract` over MQTT and fetches
 * media over HTTP; it knows nothing else of the server. Without the server it goes on from its plan.
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #link: MqttLink;
  #controller: Controller | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#link = new MqttLink(options, {
      online: (session) => this.#controller?.online(session),
      offline: () => this.#controller?.offline(),
      message: (topic, payload, retained) => this.#controller?.message(topic, payload, retained),
    });
  }

  /** The session under which it is connected; undefined when it is not. */
  get session(): string | undefined {
    return this.#link.session;
  }

  get playing(): boolean {
    return this.#controller?.playing ?? false;
  }

  get retainedCommands(): number {
    return this.#controller?.retainedCommands ?? 0;
  }

  /** Opens the store (throws when the folder cannot be used) and connects. */
  start(): void {
    this.#boot();
    this.#link.start();
  }

  /** Silence, goodbye, and nothing left running. */
  async stop(): Promise<void> {
    const controller = this.#controller;
    await controller?.stop();
    await this.#link.stop();
    this.#controller = undefined;
  }

  /** To be called when time synchronisation came or went. */
  clockChanged(): void {
    this.#controller?.clockChanged();
  }

  #boot(): void {
    this.#controller = new Controller(this.#options, this.#link, () => void this.#reboot());
    this.#controller.start();
  }

  /** As a real restart: everything is closed and taken up again from the disk, under a new session. */
  async #reboot(): Promise<void> {
    const before = this.#controller;
    await before?.stop();
    // Stopped meanwhile.
    if (this.#controller !== before || before === undefined) return;
    this.#boot();
    await this.#link.renew();
  }
}
