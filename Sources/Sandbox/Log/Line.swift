import Foundation

/// One line of the log: who, when, and a body that depends on the event.
struct Line<Body: Encodable>: Encodable {
  enum CodingKeys: CodingKey {
    case seq, time, event
  }

  let seq: Int
  let time: Date
  let event: String
  let body: Body

  func encode(to encoder: any Encoder) throws {
    try body.encode(to: encoder)
    var line = encoder.container(keyedBy: CodingKeys.self)
    try line.encode(seq, forKey: .seq)
    try line.encode(time.timestamp, forKey: .time)
    try line.encode(event, forKey: .event)
  }
}
