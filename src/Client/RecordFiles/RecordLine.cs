using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>What one row of a record file says.</summary>
internal abstract record RecordLine
{
    private RecordLine()
    {
    }

    /// <summary>A CRM record.</summary>
    public sealed record Record(CrmRecord Value) : RecordLine;

    /// <summary>A mailbox; what is null stays as it is.</summary>
    public sealed record Mailbox(EmailAddress Address, RecordReference? Owner, bool? IsQueue, FilterMethod? Filter) : RecordLine;

    /// <summary>A tracked folder of a mailbox.</summary>
    public sealed record Folder(EmailAddress Address, TrackingFolder Value) : RecordLine;

    /// <summary>Something that cannot be loaded.</summary>
    public sealed record Wrong(string Problem) : RecordLine;
}
