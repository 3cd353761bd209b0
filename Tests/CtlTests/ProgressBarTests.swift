import Control
import Foundation
import Model
import Testing

@testable import Ctl

@Suite struct ProgressBarTests {
  private let french = Wording(language: .fr)

  private func bar(_ processed: Int, of total: Int, speed: Double? = 3.2, elapsed: Double = 12) -> ProgressBar {
    var counts = Counts(total: total)
    counts.left = total - processed
    counts.sent = processed
    return ProgressBar(counts: counts, elapsed: elapsed, speed: speed)
  }

  @Test("tells outcomes, per cent, speed, elapsed and remaining time")
  func full() {
    #expect(
      bar(34, of: 50).line(columns: 79, french)
        == "[████████████████████░░░░░░░░░░] 34/50  68 %  3,2/s  00:12 écoulé, reste ~00:05")
    #expect(
      bar(34, of: 50).line(columns: 69, Wording(language: .en))
        == "[██████████████░░░░░░░] 34/50  68%  3.2/s  00:12 elapsed, ~00:05 left")
  }

  @Test("in 40 columns a bar is still seen")
  func narrow() {
    #expect(bar(34, of: 50).line(columns: 39, french) == "[██████░░░░] 34/50  68 %  00:12  ~00:05")
  }

  @Test("never takes more columns than there are", arguments: 1...120)
  func width(_ columns: Int) {
    for bar in [bar(0, of: 9_999), bar(34, of: 50), bar(50, of: 50), bar(0, of: 0, speed: nil)] {
      #expect(bar.line(columns: columns, french).columns <= columns)
    }
  }

  @Test("below one a second the speed is per minute")
  func slow() {
    #expect(bar(34, of: 50, speed: 0.2).line(columns: 79, french).contains("  12/min  "))
    #expect(bar(34, of: 50, speed: 0.02).line(columns: 79, french).contains("  1,2/min  "))
  }

  @Test("without a speed nothing is said about the rest")
  func beginning() {
    #expect(bar(0, of: 50, speed: nil).line(columns: 40, french) == "[░░░░░░░░░░░░░░] 0/50  0 %  00:12 écoulé")
  }

  @Test("a pause is told instead of a speed")
  func paused() {
    var bar = bar(34, of: 50)
    bar.standstill = .paused
    #expect(bar.line(columns: 60, french).hasSuffix("34/50  68 %  en pause  00:12 écoulé"))
  }

  @Test("a wait is told with its end, which the remaining time counts; without an end nothing is said of the rest")
  func waits() {
    setenv("TZ", "UTC", 1)
    tzset()
    var bar = bar(34, of: 50)
    bar.now = Date(timeIntervalSince1970: 1_795_000_000)  // 2026-11-18 11:06:40
    bar.standstill = .wait(until: bar.now + 6 * 3600)
    let line = bar.line(columns: 99, french)
    #expect(line.hasSuffix("34/50  68 %  attend jusqu'à 17:06  00:12 écoulé, reste ~6:00:05"), "\(line)")
    #expect(bar.line(columns: 50, french).hasSuffix("34/50  68 %  attend jusqu'à 17:06"))
    bar.standstill = .wait(until: bar.now - 1)
    #expect(bar.line(columns: 99, french).hasSuffix("reste ~00:05"))
    bar.standstill = .wait(until: nil)
    #expect(bar.line(columns: 99, french).hasSuffix("34/50  68 %  attend  00:12 écoulé"))
    bar.standstill = .looking(2)
    #expect(bar.line(columns: 99, french).hasSuffix("34/50  68 %  vérifie  00:12 écoulé"))
  }

  @Test("the time of a wait is left out of the speed")
  func stopped() throws {
    var meter = SpeedMeter()
    for second in 0...60 { meter.note(processed: second * 10, at: Double(second)) }
    meter.stop(at: 60)
    meter.note(processed: 601, at: 61)  // what was under way
    #expect(try #require(meter.speed(at: 20_000)).rounded() == 10)
    meter.goOn(at: 20_000)
    meter.note(processed: 611, at: 20_001)
    let speed = try #require(meter.speed(at: 20_001))
    #expect(speed > 9 && speed < 11)
  }

  @Test("an hour and more has hours")
  func clock() {
    #expect(ProgressBar.clock(59.6) == "01:00")
    #expect(ProgressBar.clock(3725) == "1:02:05")
    #expect(ProgressBar.clock(.infinity) == "00:00")
  }

  @Test("the speed is that of the last minute, not of the whole job")
  func speed() throws {
    var meter = SpeedMeter()
    #expect(meter.speed(at: 0) == nil)
    meter.note(processed: 0, at: 0)
    for second in 1...60 { meter.note(processed: second * 10, at: Double(second)) }
    #expect(try #require(meter.speed(at: 60)).rounded() == 10)
    // An hour of silence, then one a second.
    for second in 0...70 { meter.note(processed: 601 + second, at: 3600 + Double(second)) }
    let speed = try #require(meter.speed(at: 3670))
    #expect(speed > 0.9 && speed < 1.1)
  }

  @Test("outcomes every two minutes still have a speed")
  func verySlow() throws {
    var meter = SpeedMeter()
    for minute in 0..<10 { meter.note(processed: minute, at: Double(minute) * 120) }
    #expect(abs(try #require(meter.speed(at: 1080)) - 1.0 / 120) < 0.0001)
  }
}
