import Control
import Foundation
import Model

extension Context {
  /// A job's new state, after a command that changed it.
  func show<M: VarlinkMethod>(_ reply: VarlinkReply<M>) throws where M.Reply == JobsInterface.JobReply {
    if json {
      guard let job = reply.fields["job"] else { return }
      return try print(json: job)
    }
    let job = reply.parameters.job
    try print(wording.job(job))
    for hold in job.holds {
      try print("\(wording.sentences.reason(hold, seen: Date())) → \(wording.sentences.remedy(hold, job: job.id))")
    }
  }
}
