import Foundation
import TestSupport
import Testing

@testable import Daemon

@Suite("Memory after a peak", .timeLimit(.minutes(1)))
struct MemoryReturnTests {
  @Test("what a peak has taken is given back, however long the peak lasted")
  func peak() async throws {
    let clock = TurnedTime()
    let service = Task { try await MemoryReturn(time: clock.time).run() }
    defer { service.cancel() }
    func look() async throws {
      try await eventually("it sleeps") { clock.sleepers.count == 1 }
      clock.turn(by: MemoryReturn.interval)
      try await eventually("it has looked") { clock.sleepers.count == 1 }
    }
    try await eventually("it sleeps") { clock.sleepers.count == 1 }

    let before = MemoryReturn.residentInBytes
    // Small enough that malloc maps none of them by itself, and one that lies above all of them.
    let blocks = (0..<16_384).map { _ in
      let block = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
      return block.initializeMemory(as: UInt8.self, repeating: 1, count: 4096)
    }
    let last = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
    try await look()
    #expect(MemoryReturn.residentInBytes > before + 48 << 20)
    for block in blocks { block.deallocate() }
    try await look()
    #expect(MemoryReturn.residentInBytes < before + 32 << 20)
    last.deallocate()
  }
}
