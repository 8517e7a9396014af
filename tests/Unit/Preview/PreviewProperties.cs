using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using EmailTracking.Intake;
using EmailTracking.Preview;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Preview;

/// <summary>What a preview says is what would happen: the same mail in the same mailbox, delivered to a store for good.</summary>
public sealed class PreviewProperties
{
    private const string Mailbox = "ana@contoso.com";

    // Full: EMAILTRACKING_FULL=1.
    private static readonly int Iterations = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 10_000 : 250;

    private static readonly Gen<string> GenPerson =
        Gen.OneOfConst(Mailbox, "bo@fabrikam.com", "cy@fabrikam.com", "di@gmail.com", "flo@tailspin.com", "dev@lists.org");

    private static readonly Gen<string> GenId = Gen.Int[0, 8].Select(id => "m" + id);

    private static readonly Gen<SimMail> GenMail =
        from @from in GenPerson
        from to in Some(GenPerson, 3)
        from answers in Some(GenId, 2)
        from references in Some(GenId, 3)
        from day in Gen.Int[0, 5]
        from index in Gen.Int[0, 9]
        from subject in Gen.OneOfConst("Order", "Order", "Re: Order CRM:0000001", "Desks")
        select new SimMail("", @from, to, answers, references, day)
        {
            Index = index < 3 ? $"{index % 2}/{day % 3}" : null,
            Subject = subject,
        };

    private static readonly Gen<ImmutableArray<SimMail>> GenMails = GenMail.Array[1, 8]
        .SelectMany(mails => Gen.Int[0, mails.Length].Select(repeated => mails
            .Select((mail, i) => mail with { Id = "m" + i })
            .Concat(mails.Take(repeated).Select((mail, i) => mail with { Id = "m" + i, References = mails[^1].References }))
            .ToImmutableArray()));

    [Fact]
    public void A_preview_says_what_a_delivery_then_does() =>
        Gen.Select(GenMails, Gen.Int[0, 8], Gen.Int[1, 4]).Sample(
            (mails, delivered, batchMax) =>
            {
                // Which token is believed hangs on what is known at the moment. The mails of a batch have different moments, and so
                // have those that waited for one mail and are woken by it: a preview decides these together, a delivery does not.
                var batch = mails.Any(HasToken) ? 1 : batchMax;
                var filters = mails.Any(mail => HasToken(mail) && Names(mail))
                    ? [FilterMethod.All]
                    : Enum.GetValues<FilterMethod>();
                var shown = mails.Skip(Math.Min(delivered, mails.Length - 1)).ToImmutableArray();
                var before = mails.Take(mails.Length - shown.Length).ToImmutableArray();
                var (run, words) = Preview(before, shown, batch);
                foreach (var filter in filters)
                {
                    Assert.Equal(Delivered(before, shown, batch, filter), Told(run, words, filter));
                }
            },
            iter: Iterations,
            print: t => string.Join('\n', t.Item1) + $"\ndelivered before: {t.Item2}, batches of {t.Item3}");

    private static bool HasToken(SimMail mail) => mail.Subject.Contains("CRM:", StringComparison.Ordinal);

    // A mail that names others may wait for them, where a filter leaves it out until then.
    private static bool Names(SimMail mail) => !mail.Answers.IsEmpty || !mail.References.IsEmpty || mail.Index is not null;

    private static (PreviewRun Run, PreviewWords Words) Preview(ImmutableArray<SimMail> before, ImmutableArray<SimMail> shown, int batch)
    {
        var store = new ModelTrackingStore(Before(before, FilterMethod.All).Store);
        var run = new PreviewRun(
            ModelStore.Organization,
            new PreviewRequest(SimMail.Address(Mailbox), IsQueue: false),
            new PreviewLimits(long.MaxValue, int.MaxValue),
            store,
            new Parser(shown),
            TimeProvider.System,
            batch);
        ImmutableArray<PreviewItem> items = [.. shown.Select((_, i) => new PreviewItem($"{i}", Content(i), false, null))];
        run.AddAsync(0, items, CancellationToken.None).GetAwaiter().GetResult();
        run.EndAsync(CancellationToken.None).GetAwaiter().GetResult();
        return (run, new PreviewWords(store, store));
    }

    // One line a mail: what was decided, and the thread that it is in.
    private static string Told(PreviewRun run, PreviewWords words, FilterMethod filter) => string.Join('\n', run
        .Find(new PreviewQuery(0, 100, false, null))
        .Select(mail =>
        {
            var told = words.ExplainAsync(ModelStore.Organization, run, mail.Number, filter, CancellationToken.None).GetAwaiter().GetResult()!;
            var verdict = mail.Verdicts[(int)filter];
            return Line(verdict.Outcome, verdict.Reason, told.Thread.Select(row => (row.Activity!.ActivityId, row.Activity.State)));
        }));

    private static string Delivered(ImmutableArray<SimMail> before, ImmutableArray<SimMail> shown, int batch, FilterMethod filter)
    {
        var cluster = Before(before, filter);
        ImmutableArray<Sighting> sightings = [.. shown.Select(Sighting)];
        foreach (var part in sightings.Chunk(batch))
        {
            cluster.Deliver(part);
            cluster.Drain();
        }

        return string.Join('\n', sightings.Select(sighting =>
        {
            var decision = cluster.Store.Decisions[sighting.Place].Decision;
            var thread = decision.Outcome == Outcome.Tracked ? cluster.Store.Emails[decision.Email].State.ConversationId : Guid.Empty;
            var emails = cluster.Store.Emails.Values.Where(email => email.State.ConversationId == thread);
            return Line(decision.Outcome, decision.Reason, emails.Select(email => (email.ActivityId, email.State)));
        }));
    }

    // The store as it was: mail in another mailbox, which takes all.
    private static ModelCluster Before(ImmutableArray<SimMail> mails, FilterMethod filter)
    {
        var cluster = new ModelCluster(new SimWorld(
        [
            new MailboxFacts(SimMail.Address("sales@contoso.com"), null, IsQueue: true, FilterMethod.All, []),
            new MailboxFacts(SimMail.Address(Mailbox), null, IsQueue: false, filter, []),
        ])
        {
            Directory = ImmutableDictionary<EmailAddress, ImmutableArray<RecordFacts>>.Empty
                .Add(SimMail.Address(Mailbox), [Record(Tables.SystemUser, 1)])
                .Add(SimMail.Address("bo@fabrikam.com"), [Record(Tables.Contact, 2)])
                .Add(SimMail.Address("flo@tailspin.com"), [Record(Tables.SystemUser, 3)]),
        });
        foreach (var mail in mails)
        {
            cluster.Deliver(new SimSighting(mail, "sales@contoso.com", "Inbox").Sighting());
        }

        return cluster;
    }

    private static Sighting Sighting(SimMail mail, int i)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Content(i)));
        return new Sighting(
            new SightingPlace(SimMail.Address(Mailbox), "Inbox", hash), FolderKind.Inbox, mail.Facts(), hash, 1, mail.ReceivedOn);
    }

    // Under which id a conversation lives hangs on what came first; which emails it has does not.
    private static string Line(Outcome outcome, ReasonCode reason, IEnumerable<(Guid Id, EmailState State)> thread) =>
        $"{outcome} {reason}: " + string.Join(", ", thread.OrderBy(one => one.Id).Select(one =>
            $"{one.Id:N} {one.State.Admission} {one.State.Correlation} {one.State.Regarding} {one.State.Accepting}"));

    private static byte[] Content(int i) => Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture));

    private static RecordFacts Record(string table, int id) =>
        new(new RecordReference(table, new Guid(id, 0, 0, new byte[8])), true, null, DateTimeOffset.UnixEpoch.AddDays(id));

    private static Gen<ImmutableArray<string>> Some(Gen<string> gen, int max) =>
        gen.Array[0, max].Select(array => array.Distinct().ToImmutableArray());

    private sealed class Parser(ImmutableArray<SimMail> mails) : IMailParser
    {
        public ParsedMail Parse(ReadOnlyMemory<byte> content) =>
            new ParsedMail.Mail(mails[int.Parse(Encoding.ASCII.GetString(content.Span), CultureInfo.InvariantCulture)].Headers());
    }
}
