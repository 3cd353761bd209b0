import Control
import Foundation
import Model

/// What `invoicectl` itself says, in both languages; events and error codes have their sentences in Control.
struct Wording: Sendable, Hashable {
  var language: Language

  /// What is said about events, errors and holds.
  var sentences: Sentences { Sentences(language) }

  func choose(fr: String, en: String) -> String {
    switch language {
    case .fr: fr
    case .en: en
    }
  }

  /// With so many digits behind the decimal sign.
  func decimal(_ number: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)f", number)
    return choose(fr: text.replacing(".", with: ","), en: text)
  }

  /// Per second or, below one a second, per minute.
  func speed(_ perSecond: Double) -> String {
    let (number, unit) = perSecond >= 1 ? (perSecond, "/s") : (perSecond * 60, "/min")
    return decimal(number, digits: number < 10 ? 1 : 0) + unit
  }

  /// Bytes, in decimal kB and MB.
  func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: choose(fr: "\(bytes) o", en: "\(bytes) B")
    case ..<1_000_000: decimal(Double(bytes) / 1000, digits: 0) + choose(fr: " ko", en: " kB")
    default: decimal(Double(bytes) / 1_000_000, digits: 1) + choose(fr: " Mo", en: " MB")
    }
  }

  /// A time of this machine's clock: `2026-11-22 15:04`.
  func time(_ date: Date) -> String {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return WireJSON.text(of: date) }
    return String(
      format: "%04d-%02d-%02d %02d:%02d", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
      Int(parts.tm_hour), Int(parts.tm_min))
  }

  func bar(_ standstill: Standstill, now: Date) -> String {
    switch standstill {
    case .paused: choose(fr: "en pause", en: "paused")
    case .wait(let until?): waits(until: until, now: now)
    case .wait: choose(fr: "attend", en: "waits")
    case .looking: choose(fr: "vérifie", en: "checks")
    }
  }

  func waits(until: Date, now: Date) -> String {
    let time = ClockTime.text(of: until, seen: now)
    return choose(fr: "attend jusqu'à \(time)", en: "waits until \(time)")
  }

  func barElapsed(_ time: String) -> String { choose(fr: "\(time) écoulé", en: "\(time) elapsed") }
  func barRemaining(_ time: String) -> String { choose(fr: "reste \(time)", en: "\(time) left") }
}
