import Foundation
import Synchronization
import Model
import TestSupport
import Testing

@testable import Jobs

@Suite struct PulseTests {
  private final class Clock: Sendable {
    let uptime = Mutex(Duration.seconds(100))
    var time: Time { Time(now: { Date() }, uptime: { self.uptime.withLock { $0 } }, sleep: { _ in }) }
    func turn(_ seconds: Int) { uptime.withLock { $0 += .seconds(seconds) } }
  }

  @Test("the loop that has been silent for longest counts, and one that has ended does not")
  func silence() {
    let clock = Clock()
    let pulse = Pulse(every: .seconds(5), time: clock.time)
    #expect(pulse.longestSilence == nil)
    pulse.beat("a")
    clock.turn(3)
    pulse.beat("b")
    clock.turn(4)
    #expect(pulse.longestSilence == .seconds(7))
    pulse.beat("a")
    #expect(pulse.longestSilence == .seconds(4))
    pulse.rest("b")
    #expect(pulse.longestSilence == .zero)
    pulse.rest("a")
    #expect(pulse.longestSilence == nil)
  }

  @Test("a pause is no longer than the time within which a loop has to turn")
  func pauses() {
    let pulse = Pulse(every: .seconds(5), time: .system)
    #expect(pulse.bounded(nil) == .seconds(5))
    #expect(pulse.bounded(.seconds(9)) == .seconds(5))
    #expect(pulse.bounded(.seconds(1)) == .seconds(1))
    #expect(Pulse(every: nil, time: .system).bounded(nil) == nil)
  }
}
