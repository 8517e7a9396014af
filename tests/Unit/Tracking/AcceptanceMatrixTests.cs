using System.Collections.Immutable;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Who accepts what: every filter, kind of mailbox, folder, sender, and switch, each with its reason.</summary>
public sealed class AcceptanceMatrixTests
{
    /// <summary>
    /// What is switched, whose mailbox, where the mail lies, whether the other side is one of us, the filter, the record of the other
    /// side, whether it answers tracked mail; then the reason. The first row that fits is the rule; * fits everything.
    /// </summary>
    private static readonly string[] Rows =
    [
        "never                    *     *      *         *    *                     *   -> NeverTracked",
        "never, all               *     *      external  *    *                     *   -> NeverTracked",
        "folder                   *     *      *         *    *                     *   -> FolderRule",
        "off                      *     *      *         *    *                     *   -> AutoTrackingOff",
        "blocked                  *     *      *         *    *                     *   -> BlockedSender",
        "no internal              *     *      internal  *    *                     *   -> InternalOnly",
        "header                   *     *      *         *    *                     *   -> ExcludedHeader",
        "header missing           *     *      *         *    *                     *   -> RequiredHeaderMissing",
        "keyword                  *     *      *         *    *                     *   -> ExcludedKeyword",
        "recipients, not named    *     inbox  *         0    *                     *   -> AcceptAll",
        "recipients, not named    *     inbox  *         *    *                     *   -> NoRecipientMatch",
        "sent off                 *     sent   *         *    *                     *   -> SentItemsOff",
        "blocked by mailbox       *     *      *         *    *                     *   -> BlockedByMailbox",

        // Mail between us. The copies of one mail are one activity, so by default nothing is refused.
        "legacy internal          user  inbox  internal  *    *                     *   -> InternalEmailReject",
        "legacy, not to queues    *     inbox  internal  *    *                     *   -> InternalEmailReject",
        "sent, not to queues      queue inbox  internal  *    *                     *   -> InternalEmailReject",
        "sent by queue, refused   *     inbox  internal  *    *                     *   -> InternalEmailReject",

        "forced to 4              user  *      *         *    *                     *   -> FilterNone",
        "forced to 0              user  *      *         *    *                     *   -> AcceptAll",

        "*                        *     *      *         0    *                     *   -> AcceptAll",
        "*                        *     *      *         4    *                     *   -> FilterNone",
        "*                        *     *      *         1    *                     yes -> CorrelationMatch",
        "*                        *     *      *         1    *                     no  -> NoCorrelationMatch",

        // Received mail is asked for its sender, sent mail for its recipients. Our users are records that are email enabled.
        "shared refused           *     inbox  *         2,3  lead,contact,account  *   -> SharedSender",
        "shared refused           *     inbox  *         2,3  team                  *   -> SharedSender",
        "*                        *     inbox  *         2    lead,contact,account  *   -> SenderMatch",
        "*                        *     inbox  *         2    team,nobody           *   -> NoSenderMatch",
        "*                        *     inbox  external  3    nobody                *   -> NoSenderMatch",
        "*                        *     inbox  *         3    *                     *   -> SenderMatch",
        "*                        *     sent   *         2    lead,contact,account  *   -> RecipientMatch",
        "*                        *     sent   *         2    team,nobody           *   -> NoSenderMatch",
        "*                        *     sent   external  3    nobody                *   -> NoSenderMatch",
        "*                        *     sent   *         3    *                     *   -> RecipientMatch",
    ];

    private static readonly string[] Switches =
    [
        "none", "never", "never, all", "folder", "folders off", "off", "blocked", "blocked by mailbox", "no internal", "header",
        "header missing", "keyword", "sent off", "recipients", "recipients, not named", "legacy internal", "legacy, not to queues",
        "sent, not to queues", "sent by queue, refused", "two activities", "forced to 4", "forced to 0", "shared refused",
    ];

    private static readonly EmailAddress Mailbox = SimMail.Address("box@contoso.com");
    private static readonly EmailAddress Other = SimMail.Address("other@tailspin.com");
    private static readonly EmailAddress Colleague = SimMail.Address("colleague@contoso.com");

    private static readonly ImmutableArray<Case> Cases =
    [
        .. from one in Switches
        from method in Enum.GetValues<FilterMethod>()
        from owner in new[] { "user", "queue" }
        from folder in new[] { "inbox", "sent" }
        from side in new[] { "internal", "external" }
        from record in new[] { "lead", "contact", "account", "team", "nobody" }
        from reply in new[] { "yes", "no" }
        select new Case(one, owner, folder, side, method, record, reply),
    ];

    [Fact]
    public void Every_case_has_the_reason_of_its_row() => Assert.Empty(Cases
        .Select(one => (Case: one, Expected: RowOf(one)?.Reason, Actual: Decide(one)))
        .Where(one => one.Expected != one.Actual.Reason || one.Actual.Accepted != Accepts(one.Actual.Reason))
        .Select(one => $"{one.Case}: expected {one.Expected}, was {one.Actual.Reason}, accepted {one.Actual.Accepted}")
        .Take(20));

    [Fact]
    public void Every_row_is_the_rule_of_some_case()
    {
        var used = Cases.Select(one => RowOf(one)?.Row).ToHashSet();
        Assert.DoesNotContain(null, used);
        Assert.Empty(Rows.Except(used!));
    }

    [Theory]
    [InlineData("4 queue 0", "queue")]     // A user wants nothing and a queue everything: the queue lets it in.
    [InlineData("4 user 2", "user")]       // Any recipient's filter is enough.
    [InlineData("4 user 4", "")]
    public void Without_the_syncing_mailbox_alone_any_recipients_filter_accepts_and_stands_for_it(string others, string accepts)
    {
        var parts = others.Split(' ');
        var second = new MailboxFacts(
            SimMail.Address("second@contoso.com"), null, parts[1] == "queue", (FilterMethod)int.Parse(parts[2]), []);
        var verdict = Filter.Decide(new FilterQuestion
        {
            Sighting = An.Email("m").From(Other.Value).To(Mailbox.Value, second.Address.Value).In(Mailbox.Value),
            Mailbox = MailboxOf("user", (FilterMethod)int.Parse(parts[0])),
            Recipients = [MailboxOf("user", (FilterMethod)int.Parse(parts[0])), second],
            Settings = new TrackingSettings { Acceptance = new AcceptanceSettings { AsksSyncingMailboxOnly = false } },
            Directory = address => address == Other ? [Known.Record(Tables.Contact, 1)] : [],
        });
        Assert.Equal(accepts.Length > 0, verdict.Accepted);
        Assert.Equal(accepts.Length > 0 ? second.Address : Mailbox, verdict.By!.Address);
    }

    private static (ReasonCode Reason, string Row)? RowOf(Case one)
    {
        foreach (var row in Rows)
        {
            var (rule, reason) = (row.Split("->")[0], row.Split("->")[1].Trim());
            string[] columns = [rule[..25].Trim(), .. rule[25..].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            string[] values = [one.Switch, one.Owner, one.Folder, one.Side, ((int)one.Method).ToString(), one.Record, one.Reply];
            if (columns[0] is "*" || columns[0] == values[0])
            {
                if (columns.Skip(1).Zip(values.Skip(1)).All(pair => pair.First == "*" || pair.First.Split(',').Contains(pair.Second)))
                {
                    return (Enum.Parse<ReasonCode>(reason), row);
                }
            }
        }

        return null;
    }

    private static bool Accepts(ReasonCode reason) => reason is ReasonCode.AcceptAll or ReasonCode.CorrelationMatch or
        ReasonCode.SenderMatch or ReasonCode.RecipientMatch or ReasonCode.FolderRule;

    private static FilterVerdict Decide(Case one)
    {
        var other = one.Side == "internal" ? Colleague : Other;
        var isSent = one.Folder == "sent";
        var letter = isSent ? An.Email("m").From(Mailbox.Value).To(other.Value) : An.Email("m").From(other.Value).To(Mailbox.Value);
        var sighting = letter.About("Plan for the merger").In(Mailbox.Value, one.Switch is "folder" or "folders off" ? "deals" : one.Folder);
        var mailbox = MailboxOf(one.Owner, one.Method);
        return Filter.Decide(new FilterQuestion
        {
            Sighting = sighting with
            {
                FolderKind = isSent ? FolderKind.SentItems : FolderKind.Inbox,
                Facts = sighting.Facts with { Labels = one.Switch == "header" ? ["sensitivity: private"] : [] },
            },
            Mailbox = one.Switch == "blocked by mailbox"
                ? mailbox with { Options = new PersonalOptions { Blocked = [other.Value] } }
                : mailbox,
            Recipients = one.Switch == "recipients" ? [mailbox] : [],
            Settings = SettingsOf(one.Switch, other),
            Directory = address => Records(one, address, other),
            AnswersTracked = one.Reply == "yes",
            IsTrackedAsSent = one.Switch is "sent, not to queues" or "sent by queue, refused",
        });
    }

    private static MailboxFacts MailboxOf(string owner, FilterMethod method) =>
        new(Mailbox, null, owner == "queue", method, [new TrackingFolder("deals", null)]);

    private static IEnumerable<RecordFacts> Records(Case one, EmailAddress address, EmailAddress other)
    {
        if (address == Mailbox || address == Colleague)
        {
            yield return Known.Record(one.Switch == "sent by queue, refused" && address == Colleague ? Tables.Queue : Tables.SystemUser, 1);
        }

        if (address == other && one.Record != "nobody")
        {
            yield return Known.Record(one.Record, 2);
            if (one.Switch == "shared refused")
            {
                yield return Known.Record(one.Record, 3);
            }
        }
    }

    private static TrackingSettings SettingsOf(string one, EmailAddress other)
    {
        var all = new TrackingSettings { TracksSentItems = one != "sent off" };
        return one switch
        {
            "never" => all with { Privacy = new PrivacySettings { NeverTracked = [other.Value] } },
            "never, all" => all with { Privacy = new PrivacySettings { NeverTracked = [other.Domain], NeverTrackedNeedsAll = true } },
            "folders off" => all with { Acceptance = new AcceptanceSettings { TracksFolders = false } },
            "off" => all with { Acceptance = new AcceptanceSettings { IsOff = true } },
            "blocked" => all with { Privacy = new PrivacySettings { BlockedSenders = [other.Domain] } },
            "no internal" => all with { Privacy = new PrivacySettings { LeavesOutInternalOnly = true } },
            "header" => all with { Privacy = new PrivacySettings { ExcludedHeaders = ["sensitivity: private"] } },
            "header missing" => all with { Privacy = new PrivacySettings { RequiredHeaders = ["x-label: crm"] } },
            "keyword" => all with { Privacy = new PrivacySettings { ExcludedKeywords = ["Merger"] } },
            "recipients" or "recipients, not named" => all with { Acceptance = new AcceptanceSettings { AsksSyncingMailboxOnly = false } },
            "legacy internal" => all with { InternalMail = new InternalMailSettings { ComparesCopies = false } },
            "legacy, not to queues" => all with { InternalMail = new InternalMailSettings { ComparesCopies = false, ReachesQueues = false } },
            "sent, not to queues" => all with { InternalMail = new InternalMailSettings { ReachesQueues = false } },
            "sent by queue, refused" => all with { InternalMail = new InternalMailSettings { RefusesFromQueues = true } },
            "two activities" => all with { InternalMail = new InternalMailSettings { IsOneActivity = false } },
            "forced to 4" => all with { Acceptance = new AcceptanceSettings { ForcedUserFilter = FilterMethod.None } },
            "forced to 0" => all with { Acceptance = new AcceptanceSettings { ForcedUserFilter = FilterMethod.All } },
            "shared refused" => all with { Acceptance = new AcceptanceSettings { RefusesSharedSenders = true } },
            _ => all,
        };
    }

    private sealed record Case(string Switch, string Owner, string Folder, string Side, FilterMethod Method, string Record, string Reply);
}
