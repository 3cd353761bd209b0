import CLinux
import NIOCore

/// Who is at the other end of a Unix socket: its credentials when it connected (unix(7), SO_PEERCRED).
package struct Peer: Sendable, Hashable {
  package var uid: UInt32
  package var gid: UInt32
  /// The process may be gone, and its number taken by another.
  package var pid: Int32

  /// Nil when the socket does not tell. On the channel's event loop.
  init?(of channel: any Channel) {
    var (pid, uid, gid) = (pid_t(0), uid_t(0), gid_t(0))
    let told = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
      clinux_peer_credentials($0, &pid, &uid, &gid) == 0
    }
    guard told == true else { return nil }
    self.init(uid: uid, gid: gid, pid: pid)
  }

  package init(uid: UInt32, gid: UInt32, pid: Int32) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
  }
}
