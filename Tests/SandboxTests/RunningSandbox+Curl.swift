import Foundation
import TestSupport

extension RunningSandbox {
  /// Runs `curl` with these arguments and the authority's certificate.
  func curl(_ arguments: [String]) throws -> Reply {
    let mark = "\n%{http_code} %{http_version}"
    let (exit, output) = try run("curl", ["-sS", "--cacert", caFile, "-w", mark] + arguments)
    return Reply(exit: exit, output: output)
  }
}

/// Runs a command to its end, its output before what it says of errors.
func run(_ command: String, _ arguments: [String]) throws -> (exit: Int32, output: String) {
  let program = try RunningProgram(command, arguments)
  let exit = try program.endBlocking()
  return (exit, program.output + program.errors)
}
