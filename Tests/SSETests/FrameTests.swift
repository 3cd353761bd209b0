import Control
import Foundation
import Model
import NIOCore
import Testing

@testable import SSE

@Suite struct FrameTests {
  @Test("an event is one block, whatever stands in its fields")
  func newlines() throws {
    let nasty = "a\nevent: complete\r\ndata: x\r\rid: 9\u{2028}\u{85}"
    let json = try WireJSON.encode(["file": nasty])
    let text = String(buffer: Frame.event("progress", id: EventID("71dfb947775a.2"), json: json))
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    #expect(lines.count == 5)
    #expect(lines.prefix(2) == ["id: 71dfb947775a.2", "event: progress"])
    #expect(lines.suffix(2) == ["", ""])
    let data = try #require(lines[2].hasPrefix("data: ") ? lines[2].dropFirst("data: ".count) : nil)
    #expect(try WireJSON.decode([String: String].self, from: Data(data.utf8)) == ["file": nasty])
  }

  @Test("a ping moves no cursor")
  func ping() {
    #expect(String(buffer: Frame.ping(daemon: false)) == "event: ping\ndata: {\"daemon\":false}\n\n")
  }
}

@Suite struct FrameRingTests {
  private func ring(_ sequences: some Sequence<Int64>) -> FrameRing {
    var ring = FrameRing(start: 10)
    for sequence in sequences { ring.append(sequence, ByteBuffer(string: "\(sequence)")) }
    return ring
  }

  private func after(_ sequence: Int64, in ring: FrameRing) -> [Int64?] {
    ring.after(sequence).map { Int64(String(buffer: $0)) }
  }

  @Test("what came after an event, also after one that is another job's")
  func gaps() {
    let ring = ring([11, 14, 15])
    #expect(after(10, in: ring) == [11, 14, 15])
    #expect(after(12, in: ring) == [14, 15])
    #expect(after(15, in: ring).isEmpty)
  }

  @Test("it forgets the oldest, and knows from where it is whole")
  func forgets() {
    let ring = ring(11...2000)
    #expect(ring.start > 10)
    let kept = after(ring.start, in: ring)
    #expect(kept.count >= 1000 && kept.count <= 1250)
    #expect(kept.first == ring.start + 1)
    #expect(kept.last == 2000)
  }
}
