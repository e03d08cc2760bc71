/** The part of the package `espeak-ng` that is used: eSpeak NG's own program, compiled to WebAssembly. */
declare module 'espeak-ng/dist/espeak-ng.js' {
  interface FileSystem {
    writeFile(path: string, data: string): void;
    readFile(path: string): Uint8Array;
  }
  interface Engine {
    FS: FileSystem;
  }
  export default function run(options: {
    arguments: string[];
    /** Before the program starts; its files are there already. */
    preRun: ((engine: Engine) => void)[];
    print(line: string): void;
    printErr(line: string): void;
  }): Promise<Engine>;
}
