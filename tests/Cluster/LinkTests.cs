using System.Collections.Immutable;
using EmailTracking.Linking;
using EmailTracking.Storage;
using EmailTracking.Tests.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Records that are loaded, changed, merged and deleted after the mail came, through the cluster.</summary>
public sealed class LinkTests
{
    private const string Bo = "bo@fabrikam.com";
    private static readonly RecordReference One = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000001"));
    private static readonly RecordReference Two = new("contact", Guid.Parse("00000000-0000-0000-0000-000000000002"));

    // Where nothing is decided while records change.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    // Longer than a decision takes on a busy machine.
    private static readonly TimeSpan RacingGrace = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Mail_follows_its_contact_through_its_life()
    {
        await using var cluster = await StartAsync();
        await cluster.DeliverAsync("sales@contoso.com", Mail("one@fabrikam.com", Bo, "sales@contoso.com"));
        Assert.Null(await SenderAsync(cluster, "one@fabrikam.com"));

        await SaveAsync(cluster, One, Bo);
        Assert.Equal(One, await SenderAsync(cluster, "one@fabrikam.com"));
        var explanation = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!;
        Assert.Equal(One, explanation.Parties[0].Record);
        Assert.Contains(explanation.Sentences, sentence => sentence.StartsWith($"{Bo}: linked later, on 20", StringComparison.Ordinal) &&
            sentence.EndsWith(", to contact Bo.", StringComparison.Ordinal));

        await SaveAsync(cluster, One, "bo@tailspin.com");
        Assert.Null(await SenderAsync(cluster, "one@fabrikam.com"));

        await SaveAsync(cluster, One, Bo);
        await SaveAsync(cluster, Two, "cy@fabrikam.com");
        Assert.Null((await cluster.Client.MergeRecordsAsync(One, Two)).Problem);
        await LinkedAsync(cluster);
        Assert.Equal(Two, await SenderAsync(cluster, "one@fabrikam.com"));

        Assert.Null((await cluster.Client.SetRecordStateAsync(Two, isActive: false)).Problem);
        await LinkedAsync(cluster);
        Assert.Equal(Two, await SenderAsync(cluster, "one@fabrikam.com"));

        Assert.Null((await cluster.Client.DeleteRecordAsync(Two)).Problem);
        await LinkedAsync(cluster);
        Assert.Null(await SenderAsync(cluster, "one@fabrikam.com"));
        Assert.Contains("deleted", (await cluster.Client.MergeRecordsAsync(One, Two)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_active_contact_goes_before_one_that_is_deactivated_later()
    {
        await using var cluster = await StartAsync();
        await SaveAsync(cluster, One, Bo);
        await SaveAsync(cluster, Two, Bo);
        await cluster.DeliverAsync("sales@contoso.com", Mail("one@fabrikam.com", Bo, "sales@contoso.com"));
        Assert.Equal(One, await SenderAsync(cluster, "one@fabrikam.com"));

        await cluster.Client.SetRecordStateAsync(One, isActive: false);
        await LinkedAsync(cluster);
        Assert.Equal(Two, await SenderAsync(cluster, "one@fabrikam.com"));

        await cluster.Client.SetRecordStateAsync(One, isActive: true);
        await LinkedAsync(cluster);
        Assert.Equal(One, await SenderAsync(cluster, "one@fabrikam.com"));
    }

    [Fact]
    public async Task Merges_in_a_circle_are_refused_whoever_comes_first()
    {
        await using var cluster = await StartAsync();
        await SaveAsync(cluster, One, Bo);
        await SaveAsync(cluster, Two, "cy@fabrikam.com");

        var answers = await Task.WhenAll(cluster.Client.MergeRecordsAsync(One, Two), cluster.Client.MergeRecordsAsync(Two, One));

        var refused = Assert.Single(answers, answer => answer.Problem is not null);
        Assert.Contains("is merged into", refused.Problem, StringComparison.Ordinal);
        Assert.Contains("itself", (await cluster.Client.MergeRecordsAsync(One, One)).Problem, StringComparison.Ordinal);
        Assert.Contains("There is no record", (await cluster.Client.DeleteRecordAsync(new RecordReference("contact", Guid.NewGuid()))).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_about_a_record_says_what_became_of_it()
    {
        await using var cluster = await StartAsync();
        await SaveAsync(cluster, One, Bo);
        await SaveAsync(cluster, Two, "cy@fabrikam.com");
        await cluster.DeliverAsync("sales@contoso.com", Mail("one@fabrikam.com", Bo, "sales@contoso.com"));
        await cluster.Client.ActAsync(new Acts.ActCall
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", Names = ["one@fabrikam.com"], Record = One,
        });

        Assert.Equal(1, (await cluster.Client.PreviewRecordChangeAsync(One, [])).Count);

        // To load it as it stands links nothing; with other facts, or as somebody else with the address, the mail that names it.
        Assert.Empty(await cluster.Client.PreviewLoadAsync([Contact(One, Bo)]));
        var inactive = Contact(One, Bo) with { Facts = Contact(One, Bo).Facts with { IsActive = false } };
        Assert.Single(await cluster.Client.PreviewLoadAsync([inactive]));
        Assert.Single(await cluster.Client.PreviewLoadAsync([Contact(new RecordReference("contact", Guid.NewGuid()), Bo)]));
        Assert.Empty(await cluster.Client.PreviewLoadAsync([Contact(new RecordReference("contact", Guid.NewGuid()), "nobody@fabrikam.com")]));
        await cluster.Client.MergeRecordsAsync(One, Two);
        var merged = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!;
        Assert.Equal(Two, merged.Email.Activity!.Regarding);
        Assert.Contains("contact Bo became contact Cy since: that is what it is about.", merged.Sentences);

        await cluster.Client.DeleteRecordAsync(Two);
        var deleted = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!;
        Assert.Null(deleted.Email.Activity!.Regarding);
        Assert.Contains(deleted.Sentences, sentence => sentence.StartsWith("contact Cy was deleted on 20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_contact_that_is_loaded_later_says_what_its_mail_and_the_answers_are_about()
    {
        await using var cluster = await StartAsync();
        Assert.Null((await cluster.Client.SetSettingAsync("RegardingFromSender", "link", new Organizations.Author("Ana"))).Problem);
        await cluster.DeliverAsync("sales@contoso.com", Mail("one@fabrikam.com", Bo, "sales@contoso.com"));
        await cluster.DeliverAsync("sales@contoso.com", Mail("two@contoso.com", "sales@contoso.com", Bo, "one@fabrikam.com", minute: 5));
        var incident = new RecordReference(Tables.Incident, Guid.NewGuid());
        await cluster.Client.SaveRecordsAsync(
            [new CrmRecord(new RecordFacts(incident, IsActive: true, null, DateTimeOffset.UnixEpoch), "Broken desk", [], One), Contact(One, Bo)]);
        await LinkedAsync(cluster);

        foreach (var mail in new[] { "one@fabrikam.com", "two@contoso.com" })
        {
            Assert.Equal(incident, (await cluster.Client.ExplainAsync(mail))!.Email.Activity!.Regarding);
        }
    }

    [Fact]
    public async Task A_token_of_mail_about_a_deleted_record_joins_its_conversation_and_says_that_it_is_gone()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        RecordReference user = new(Tables.SystemUser, Guid.NewGuid()), gone = new(Tables.Incident, Guid.NewGuid());
        await cluster.Client.SaveRecordsAsync(
        [
            new CrmRecord(new RecordFacts(user, IsActive: true, null, DateTimeOffset.UnixEpoch), "Ana", [TrackingCluster.Address("ana@contoso.com")]),
            new CrmRecord(new RecordFacts(gone, IsActive: true, null, DateTimeOffset.UnixEpoch), "Broken desk", []),
        ]);
        await cluster.CreateMailboxAsync("help@contoso.com", queue: true);
        await cluster.DeliverAsync("help@contoso.com", Mail("sent@contoso.com", "ana@contoso.com", "bo@fabrikam.com", subject: "Desk CRM:0001001"));
        var first = (await cluster.Client.ExplainAsync("sent@contoso.com"))!.Email;
        Assert.Null((await cluster.Client.ActAsync(new Acts.ActCall { Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", Names = ["sent@contoso.com"], Record = gone })).Problem);
        await cluster.Client.DeleteRecordAsync(gone);

        await cluster.DeliverAsync("help@contoso.com", Mail("answer@fabrikam.com", "bo@fabrikam.com", "help@contoso.com", subject: "Again CRM:0001001", minute: 5));
        var answer = (await cluster.Client.ExplainAsync("answer@fabrikam.com"))!;
        Assert.Equal(first.Activity!.State.ConversationId, answer.Email.Activity!.State.ConversationId);
        Assert.Null(answer.Email.Activity.Regarding);
        Assert.Contains(answer.Sentences, sentence => sentence.Contains("Broken desk was deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_contact_that_is_saved_between_the_reading_of_facts_and_the_commit_is_not_missed()
    {
        var gate = new Gate();
        await using var cluster = await StartAsync(RacingGrace, services => Decorate(services, gate));
        var delivery = cluster.DeliverAsync("sales@contoso.com", Mail("one@fabrikam.com", Bo, "sales@contoso.com"));
        await gate.Reached.Task;

        // The mail was decided on what records were. The first sweep does not find it: it is not stored.
        await cluster.Client.SaveRecordsAsync([Contact(One, Bo)]);
        await gate.Swept.Task;
        gate.Open.SetResult();
        await delivery;
        await LinkedAsync(cluster);

        Assert.Equal(One, await SenderAsync(cluster, "one@fabrikam.com"));
    }

    [Fact]
    public async Task Of_many_mails_and_many_contacts_at_once_none_miss_each_other()
    {
        const int Count = 60;
        await using var cluster = await StartAsync(RacingGrace);
        var mails = Parallel.ForEachAsync(Enumerable.Range(0, Count), async (i, _) => await cluster.DeliverAsync(
            "sales@contoso.com", Mail($"m{i}@fabrikam.com", $"p{i % 20}@fabrikam.com", "sales@contoso.com", subject: $"Order {i}")));
        var contacts = Parallel.ForEachAsync(Enumerable.Range(0, 20), async (i, token) => await cluster.Client.SaveRecordsAsync(
            [Contact(new RecordReference("contact", new Guid(i + 1, 0, 0, new byte[8])), $"p{i}@fabrikam.com")], token));
        await Task.WhenAll(mails, contacts);
        await cluster.DrainAsync();
        await LinkedAsync(cluster);

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(new Guid((i % 20) + 1, 0, 0, new byte[8]), (await SenderAsync(cluster, $"m{i}@fabrikam.com"))?.Id);
        }
    }

    private static async Task<TrackingCluster> StartAsync(TimeSpan? grace = null, Action<IServiceCollection>? configure = null)
    {
        var cluster = await TrackingCluster.StartAsync(2, services =>
        {
            services.Configure<TrackingOptions>(options => options.LinkGrace = grace ?? Grace);
            configure?.Invoke(services);
        });
        await cluster.CreateMailboxAsync("sales@contoso.com");
        return cluster;
    }

    private static CrmRecord Contact(RecordReference reference, string address) => new(
        new RecordFacts(reference, true, null, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        reference == One ? "Bo" : "Cy",
        [TrackingCluster.Address(address)]);

    private static async Task SaveAsync(TrackingCluster cluster, RecordReference reference, string address)
    {
        await cluster.Client.SaveRecordsAsync([Contact(reference, address)]);
        await LinkedAsync(cluster);
    }

    private static async Task<RecordReference?> SenderAsync(TrackingCluster cluster, string mail)
    {
        var explanation = (await cluster.Client.ExplainAsync(mail))!;
        var sender = explanation.Parties.Single(party => party.Participant.Type == ParticipationType.Sender).Record;
        Assert.Equal(sender, explanation.Email.Activity!.State.SenderRecord);
        return sender;
    }

    /// <summary>Waits until every change of records was swept for the last time.</summary>
    private static async Task LinkedAsync(TrackingCluster cluster)
    {
        var directory = cluster.Silos.Silos[0].ServiceProvider.GetRequiredService<IDirectory>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await directory.ReadChangesAsync(GrainKeys.DefaultOrganization, 0, 1, timeout.Token)).IsEmpty)
        {
            await cluster.Silos.Client.GetGrain<ILinkGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization)).WakeAsync(timeout.Token);
            await Task.Yield();
        }
    }

    private static void Decorate(IServiceCollection services, Gate gate) =>
        PassingTrackingStore.Place(services, store => new GatedStore(store, gate));

    /// <summary>Holds the first new email before its commit.</summary>
    private sealed class Gate
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Swept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class GatedStore(ITrackingStore store, Gate gate) : PassingTrackingStore(store)
    {
        public override async Task<ImmutableArray<long>> FindUnlinkedAsync(
            string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken)
        {
            var found = await base.FindUnlinkedAsync(organization, change, after, countMax, cancellationToken);
            gate.Swept.TrySetResult();
            return found;
        }

        public override async Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken)
        {
            if (change.Emails.Any(email => email.Before is null))
            {
                gate.Reached.TrySetResult();
                await gate.Open.Task.WaitAsync(cancellationToken);
            }

            return await base.CommitAsync(change, cancellationToken);
        }
    }
}
