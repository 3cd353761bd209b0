import Files
import Foundation
import TestSupport
import Testing

@Suite struct SmallFileTests {
  @Test("a file is read whole, up to its bound")
  func bound() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", "12345".utf8)
    #expect(try SmallFile(reading: path, maximumSizeInBytes: 5).bytes == Array("12345".utf8))
    let error = #expect(throws: SmallFileError.self) { try SmallFile(reading: path, maximumSizeInBytes: 4) }
    #expect(error?.description == "\(path): is larger than 4 bytes")
    // Its size is 0 for stat(2).
    #expect(try SmallFile(reading: "/proc/self/status", maximumSizeInBytes: 1 << 20).bytes.count > 100)
  }

  @Test("a named pipe, a folder, a socket or a device is refused at once")
  func special() throws {
    let folder = try TemporaryFolder()
    try #require(mkfifo(folder("pipe"), 0o600) == 0)
    for path in [folder("pipe"), folder(""), "/dev/zero"] {
      let error = #expect(throws: SmallFileError.self) { try SmallFile(reading: path, maximumSizeInBytes: 10) }
      #expect(error?.cause == .notRegular)
    }
  }

  @Test("a file that is not there is told as such")
  func missing() {
    let error = #expect(throws: SmallFileError.self) { try SmallFile(reading: "/no/such", maximumSizeInBytes: 1) }
    #expect(error?.isMissing == true)
    #expect(error?.reason == "cannot be read: No such file or directory")
  }
}
