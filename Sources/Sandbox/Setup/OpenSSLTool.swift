import Foundation

/// The command `openssl`, for what is made once: keys and certificates.
enum OpenSSLTool {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs it to its end. Throws `Failure` with its own words when it cannot be run or does not exit with 0.
  static func run(_ arguments: [String]) async throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    let status = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    guard status == 0 else {
      let words = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      throw Failure(description: "openssl \(arguments.first ?? "") failed (\(status)): \(words)")
    }
  }
}
