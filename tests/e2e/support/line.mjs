/** The line between the browser and the server: counts the streams on it, and can be cut. */
import net from 'node:net';
import { HOST } from './office.mjs';

export class Line {
  static async to(port) {
    const line = new Line();
    line.pairs = new Set();
    line.streams = new Set();
    line.opened = 0;
    line.isCut = false;
    line.isMute = false;
    line.beats = 0;
    line.server = net.createServer((near) => line.join(near, port));
    await new Promise((ready) => line.server.listen(0, '127.0.0.1', ready));
    line.address = `http://${HOST}:${line.server.address().port}`;
    return line;
  }

  join(near, port) {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = net.connect(port, '127.0.0.1');
    this.pairs.add(near);
    near.on('data', (bytes) => {
      if (!bytes.toString('latin1').startsWith('GET /api/live')) return;
      this.streams.add(near);
      this.opened += 1;
    });
    near.far = far;
    near.pipe(far);
    if (!this.isMute) far.pipe(near);
    far.on('data', (bytes) => (this.beats += bytes.includes('event: beat\n') ? 1 : 0));
    const end = () => {
      near.destroy();
      far.destroy();
      this.pairs.delete(near);
      this.streams.delete(near);
    };
    for (const side of [near, far]) side.on('close', end).on('error', end);
  }

  /** The streams say nothing any more and do not end either, as when the network went away. */
  silence() {
    for (const near of this.streams) near.far.unpipe(near);
  }

  cut() {
    this.isCut = true;
    for (const near of this.pairs) near.destroy();
  }

  mend() {
    this.isCut = false;
  }

  close() {
    this.cut();
    return new Promise((done) => this.server.close(done));
  }
}
