import Foundation
import Model
import Testing

@Suite struct MomentTests {
  private static let start = Date(timeIntervalSince1970: 1_790_000_000)

  private func moment(wall: Double, uptime: Double, boot: String?) -> Moment {
    Moment(wall: Self.start.addingTimeInterval(wall), uptime: .seconds(uptime), boot: boot)
  }

  @Test(
    "within a boot the monotonic clock decides, whatever was done to the wall clock",
    arguments: [5, -3600, 86_400.0])
  func sameBoot(wall: Double) {
    let elapsed = moment(wall: 0, uptime: 100, boot: "a").elapsed(until: moment(wall: wall, uptime: 105, boot: "a"))
    #expect(elapsed == .seconds(5))
  }

  @Test("a monotonic clock that ran back tells nothing")
  func impossible() {
    #expect(moment(wall: 0, uptime: 100, boot: "a").elapsed(until: moment(wall: 5, uptime: 99, boot: "a")) == nil)
  }

  @Test(
    "across boots the wall clock is believed where it says what is possible",
    arguments: [(700, 60, 700), (60, 60, 60), (59, 60, nil), (-1, 60, nil)] as [(Double, Double, Double?)])
  func otherBoot(wall: Double, uptime: Double, elapsed: Double?) {
    let then = moment(wall: 0, uptime: 9_000, boot: "a")
    #expect(then.elapsed(until: moment(wall: wall, uptime: uptime, boot: "b")) == elapsed.map { .seconds($0) })
  }

  @Test(
    "of an unknown boot there is the wall clock alone, and never a negative time",
    arguments: [(5, 5), (-5, nil)] as [(Double, Double?)])
  func unknownBoot(wall: Double, elapsed: Double?) {
    let then = moment(wall: 0, uptime: 0, boot: nil)
    #expect(then.elapsed(until: moment(wall: wall, uptime: 60, boot: "b")) == elapsed.map { .seconds($0) })
  }

  @Test("a moment survives being written down")
  func roundTrip() throws {
    let now = Time.system.moment
    #expect(now.boot?.isEmpty == false)
    let again = try WireJSON.decode(Moment.self, from: WireJSON.encode(now))
    #expect(again.elapsed(until: now) == .zero && again.boot == now.boot)
    #expect(abs(again.wall.timeIntervalSince(now.wall)) < 0.002)
  }
}
