using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>A record that an unknown sender becomes.</summary>
/// <param name="Reference">The record; its id is computed from the address, so that many mails at once make one.</param>
/// <param name="Name">The sender's display name, else its address; at most 160 characters.</param>
/// <param name="Address">Its e-mail address.</param>
/// <param name="OwnerId">The user whose mail made it; null for a queue's.</param>
[GenerateSerializer, Immutable, Alias("NewRecord")]
public sealed record NewRecord(
    [property: Id(0)] RecordReference Reference,
    [property: Id(1)] string Name,
    [property: Id(2)] EmailAddress Address,
    [property: Id(3)] Guid? OwnerId);

/// <summary>Whether an unknown sender becomes a contact or a lead.</summary>
/// <remarks>
/// Never for mail that we sent, that a program sent (Auto-Submitted, RFC 3834), or that an import brings, unless a person tracks it.
/// </remarks>
internal static class NewRecords
{
    /// <summary>The record to make; null when none is.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="candidate">The email with its sightings.</param>
    /// <param name="mail">The copy that stands for it.</param>
    /// <param name="accepting">The mailbox that stands for all that accepted it.</param>
    /// <param name="settings">The settings in force.</param>
    public static NewRecord? Of(
        string organization, Candidate candidate, EmailFacts mail, MailboxFacts accepting, TrackingSettings settings)
    {
        if (mail is not { Participants: [{ Type: ParticipationType.Sender, Address: { } written, Name: var name }, ..], AutoSubmitted: null } ||
            KindOf(candidate, accepting, settings) is not { } table)
        {
            return null;
        }

        return Of(organization, table, written, name, accepting, settings);
    }

    /// <summary>The contact that an unknown sender becomes by a rule: the same one as by an option of a mailbox.</summary>
    public static NewRecord Contact(
        string organization, EmailAddress written, string name, MailboxFacts accepting, TrackingSettings settings) =>
        Of(organization, Tables.Contact, written, name, accepting, settings);

    private static NewRecord Of(
        string organization, string table, EmailAddress written, string name, MailboxFacts accepting, TrackingSettings settings)
    {
        var address = settings.Parties.IgnoresSubaddress ? written.WithoutSubaddress ?? written : written;
        var user = accepting.Owner is { LogicalName: Tables.SystemUser } owner ? owner.Id : default(Guid?);
        return new NewRecord(
            new RecordReference(table, NamedId.OfSender(organization, table, address)),
            name.Length > 0 ? name : address.Value[..Math.Min(address.Value.Length, 160)],
            address,
            user);
    }

    // Once, when the mail is tracked or a person tracks it: to see it again makes nothing, also when the record was deleted since.
    private static string? KindOf(Candidate candidate, MailboxFacts accepting, TrackingSettings settings)
    {
        var chosen = accepting.Options.Creates;
        var isNew = candidate.Known is null;
        if (candidate.Hand.Word is { Kind: ActKind.Track } && settings.Parties.CreatesForTracked &&
            (isNew || candidate.Sightings.Exists(judged => judged.Sighting.IsRetry)))
        {
            return chosen == RecordCreation.Lead ? Tables.Lead : Tables.Contact;
        }

        return !isNew || candidate.Accepted.All(judged => judged.Sighting.IsBackfill) ? null : chosen switch
        {
            RecordCreation.Contact => Tables.Contact,
            RecordCreation.Lead => Tables.Lead,
            _ => null,
        };
    }
}
