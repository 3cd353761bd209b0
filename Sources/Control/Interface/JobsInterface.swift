/// The control interface, as Swift types; `io.invoiced.Jobs.varlink` says what everything means.
package enum JobsInterface {
  package static let name = "io.invoiced.Jobs"

  /// The interface file, with its comments.
  package static var description: String {
    String(decoding: PackageResources.io_invoiced_Jobs_varlink, as: UTF8.self)
  }

  /// Every method, in the order of the file.
  package static let methods: [any VarlinkMethod.Type] = [
    GetStatus.self, BeginImport.self, AddRows.self, CommitImport.self, ListInvoices.self, GetInvoice.self,
    HoldInvoice.self, ReleaseInvoice.self, PreviewInvoice.self, PlanJob.self, DryRun.self, Start.self, Watch.self,
    ListJobs.self, GetJob.self, ListDeliveries.self, ListActions.self, Pause.self, Resume.self, Cancel.self, Retry.self,
    Resolve.self,
    Backup.self, MakeWebCode.self, TakeWebCode.self,
  ]
}
