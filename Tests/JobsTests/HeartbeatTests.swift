import Foundation
import Synchronization
import Model
import TestSupport
import Testing

@testable import Jobs

@Suite struct HeartbeatTests {
  private final class Clock: Sendable {
    let uptime = Mutex(Duration.seconds(100))
    var time: Time { Time(now: { Date() }, uptime: { self.uptime.withLock { $0 } }, sleep: { _ in }) }
    func turn(_ seconds: Int) { uptime.withLock { $0 += .seconds(seconds) } }
  }

  @Test("the loop that has been silent for longest counts, and one that has ended does not")
  func silence() {
    let clock = Clock()
    let heartbeat = Heartbeat(every: .seconds(5), time: clock.time)
    #expect(heartbeat.longestSilence == nil)
    heartbeat.beat("a")
    clock.turn(3)
    heartbeat.beat("b")
    clock.turn(4)
    #expect(heartbeat.longestSilence == .seconds(7))
    heartbeat.beat("a")
    #expect(heartbeat.longestSilence == .seconds(4))
    heartbeat.rest("b")
    #expect(heartbeat.longestSilence == .zero)
    heartbeat.rest("a")
    #expect(heartbeat.longestSilence == nil)
  }

  @Test("a pause is no longer than the time within which a loop has to turn")
  func pauses() {
    let heartbeat = Heartbeat(every: .seconds(5), time: .system)
    #expect(heartbeat.bounded(nil) == .seconds(5))
    #expect(heartbeat.bounded(.seconds(9)) == .seconds(5))
    #expect(heartbeat.bounded(.seconds(1)) == .seconds(1))
    #expect(Heartbeat(every: nil, time: .system).bounded(nil) == nil)
  }
}
