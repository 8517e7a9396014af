using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>The trace is the evaluation: one story for every code.</summary>
public sealed class TraceTests
{
    private const string Bo = "bo@fabrikam.com";
    private const string Eve = "eve@evil.example";

    private static readonly Letter First = An.Email("first").To(Bo);

    private static readonly Dictionary<TraceCode, Func<TraceEntry, bool>> Values = new()
    {
        [TraceCode.SenderChosen] = entry => entry.Values is [var taken, "Table", "2", var other] &&
            taken == Reference("contact", 1).ToString() && other == Reference("account", 2).ToString(),
        [TraceCode.RecipientShared] = entry => entry.Values is [Bo, "2"],
        [TraceCode.SenderCreated] = entry => entry.Values is [var made] && made.StartsWith("contact/", StringComparison.Ordinal),
        [TraceCode.RegardingProposed] = entry => entry.Values is [var one] && one == Reference("incident", 9).ToString(),
        [TraceCode.FilterForced] = entry => entry.Values is ["LeadsContactsAccounts"],
        [TraceCode.ArrivedByMove] = entry => entry.Values is ["Other"],
        [TraceCode.NotAddressed] = entry => entry.Values is ["sales@contoso.com"],
        [TraceCode.FilterAsked] = entry => entry.Values is ["ben@contoso.com", "Replies", "105", "refused"],
        [TraceCode.SenderIs] = entry => entry.Values is ["account contact"],
        [TraceCode.AnswersUntracked] = entry => entry.Values is ["nobody@mail"],
        [TraceCode.AcceptedBy] = entry => entry.Values is ["ana@contoso.com"],
        [TraceCode.Correlated] = entry => entry.Values is ["InReplyTo", var key, "named"] && key == First.Key.ToString(),
        [TraceCode.AlsoFound] = entry => entry.Values is ["References", var key, "named"] && key == First.Key.ToString(),
        [TraceCode.NotJoined] = entry => entry.Values is ["References", var key] && key == First.Key.ToString(),
        [TraceCode.NamesUnseen] = entry => entry.Values is ["2"],
        [TraceCode.TokenNotBelieved] = entry => entry.Values is ["CRM:0001001", "0"],
        [TraceCode.Admitted] = entry => entry.Values is ["Held"],
        [TraceCode.RegardingSet] = entry => entry.Values is ["Correlated", var record, var key] &&
            record == Reference("opportunity", 5).ToString() && key == First.Key.ToString(),
        [TraceCode.RegardingOverruled] = entry => entry.Values is ["Correlated", var record] && record == Reference("opportunity", 5).ToString(),
        [TraceCode.TrackedByHand] = entry => entry.Values is ["Ana", "2026-01-01 01:40:00Z"],
        [TraceCode.LeftOut] = entry => entry.Values is ["107", "Ana", "2026-01-01 01:41:00Z"],
        [TraceCode.RuleFired] = entry => entry.Values is ["Support", "1", "Pumps", var made] && made.StartsWith("incident/", StringComparison.Ordinal),
        [TraceCode.RuleAlsoMatches] = entry => entry.Values is ["All", "incident"],
        [TraceCode.RuleSkipped] = entry => entry.Values is ["Support", "1", "Active", var open] && open.StartsWith("incident/", StringComparison.Ordinal),
        [TraceCode.RuleCustomer] = entry => entry.Values is [var customer, Bo, ""] && customer == Reference("contact", 1).ToString(),
        [TraceCode.RuleRelated] = entry => entry.Values is [var made, "support@contoso.com"] && made.StartsWith("incident/", StringComparison.Ordinal),
        [TraceCode.RegardingWithheld] = entry => entry.Values is [var record] && record == Reference("opportunity", 5).ToString(),
    };

    // What is written when records change, not when mail is decided: RelinkingTests.
    private static readonly TraceCode[] Later = [TraceCode.LinkedLater, TraceCode.UnlinkedLater];

    public static TheoryData<TraceCode> Codes => [.. Enum.GetValues<TraceCode>().Except(Later)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_written_with_its_values(TraceCode code)
    {
        var story = Everything();
        story.Traces.AddRange(Forced().Traces);
        story.Traces.AddRange(Ruled().Traces);
        Assert.Contains(story.Traces, entry =>
            entry.Code == code && (Values.TryGetValue(code, out var isRight) ? isRight(entry) : entry.Values.IsEmpty));
    }

    private static Story Forced()
    {
        var story = new Story
        {
            Settings = new TrackingSettings { Acceptance = new AcceptanceSettings { ForcedUserFilter = FilterMethod.All } },
        };
        story.Mailbox("cleo@contoso.com", FilterMethod.LeadsContactsAccounts);
        story.See(First, "cleo@contoso.com");
        return story;
    }

    private static Story Ruled()
    {
        string[] queues = ["support@contoso.com", "billing@contoso.com"];
        var story = new Story().Record(Bo, Record("contact", 1)).Mailbox(queues[0], isQueue: true).Mailbox(queues[1], isQueue: true);
        foreach (var queue in queues.Select(Simulation.SimMail.Address))
        {
            story.Store.Set(queue, new CreationRule
            {
                Name = "Support",
                Queue = queue,
                Items = [new CreationItem("Pumps", [new CreationCondition(RuleFact.Subject, "pump")], Tables.Incident), new CreationItem("All", [], Tables.Incident)],
            });
        }

        var mail = An.Email("pump").From(Bo).To(queues).About("Pump");
        story.See(mail, queues[0]);
        story.See(mail, queues[1]);
        story.See(An.Email("again").From(Bo).To(queues).About("Re: Pump").Answering(mail).Minute(1), queues[0]);
        return story;
    }

    private static Story Everything()
    {
        var story = new Story()
            .Mailbox("sales@contoso.com")
            .Mailbox("ben@contoso.com", FilterMethod.Replies)
            .Mailbox("cleo@contoso.com", FilterMethod.LeadsContactsAccounts)
            .Mailbox("ana@contoso.com", folders:
                [new TrackingFolder("Deals", Reference("opportunity", 5)), new TrackingFolder("Other", Reference("opportunity", 6))])
            .Record(Bo, Record("contact", 1))
            .Record(Bo, Record("account", 2))
            .Related(Reference("contact", 1), Reference("incident", 9));
        story.See(First, "ana@contoso.com", "Deals");
        story.See(First);
        story.See(First.From("noreply@shop.example").About("Another") with { Date = First.Date!.Value.AddDays(30) });
        var answer = An.Email("answer").From(Bo).Answering(First).Minute(1);
        story.See(answer, "cleo@contoso.com");
        story.See(An.Email("later").From(Bo).Answering(answer).Naming(First, answer).Minute(2), "ana@contoso.com", "Other");
        story.See(An.Email("filed").From(Bo).Answering(First).Minute(3).In("ana@contoso.com", "Other") with { IsMoved = true });
        story.See(An.Email("held").From(Eve).Answering(First).Minute(4));
        story.See(An.Email("waits").From(Eve).Answering(An.Email("nobody")), "ben@contoso.com");
        story.See(An.Email("far").From(Eve).Answering(An.Email("lost")).Naming(First, An.Email("lost too")).About("CRM:0001001"));
        var byHand = An.Email("by hand").From(Bo).Minute(5);
        story.See(byHand, "ben@contoso.com");
        story.Do(ActKind.Track, byHand);
        var stranger = An.Email("stranger").From("new@shop.example").Minute(6);
        story.See(stranger, "ben@contoso.com");
        story.Do(ActKind.Track, stranger);
        story.Do(ActKind.Untrack, byHand, minute: 101);
        return story;
    }
}
