using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>Reads and changes the options of mailboxes; a refusal is a value.</summary>
internal sealed class MailboxOptionChanges(IDirectory directory, TimeProvider time)
{
    public async Task<MailboxOptionsAnswer?> ReadAsync(string organization, EmailAddress address, CancellationToken cancellationToken)
    {
        var settings = await directory.ReadSettingsAsync(organization, cancellationToken);
        if (await FindAsync(organization, address, cancellationToken) is not { } mailbox)
        {
            return null;
        }

        var isForced = !mailbox.IsQueue && settings.Acceptance.ForcedUserFilter is not null;
        var forced = isForced
            ? await SinceAsync(organization, one => one.Acceptance.ForcedUserFilter == settings.Acceptance.ForcedUserFilter, cancellationToken)
            : null;
        return new MailboxOptionsAnswer(mailbox, settings, forced);
    }

    public async Task<SettingAnswer> SetAsync(
        string organization, EmailAddress address, string name, string value, Author author, CancellationToken cancellationToken)
    {
        if (author.Problem() is { } nobody)
        {
            return Refused(nobody);
        }

        if (MailboxOption.Find(name) is not { } option)
        {
            return Refused(
                $"There is no option '{SettingText.Shown(name)}' of a mailbox. Options: {string.Join(", ", MailboxOption.All.Select(one => one.Name))}.");
        }

        if (await FindAsync(organization, address, cancellationToken) is not { } before)
        {
            return Refused($"There is no mailbox {address}. See: emailtracking mailbox list");
        }

        var (after, problem) = option.Write(before, value);
        if (after is null)
        {
            return Refused(problem!);
        }

        if (option.Read(before) != option.Read(after))
        {
            if (author.ProblemSince(option.Read(before)) is { } changed)
            {
                return Refused(changed);
            }

            if (option.Name == MailboxOption.Filter && await HiddenAsync(organization, after.Filter, cancellationToken) is { } hidden)
            {
                return Refused(hidden);
            }

            var change = new MailboxChange(
                option.Name, option.Read(before), option.Read(after), author.By, time.GetUtcNow(), author.Why);
            await directory.SaveMailboxAsync(organization, after, change, cancellationToken);
        }

        return new SettingAnswer(0, option.Read(before), option.Read(after), null);
    }

    private static SettingAnswer Refused(string problem) => new(0, null, null, problem);

    private async Task<string?> HiddenAsync(string organization, FilterMethod method, CancellationToken cancellationToken)
    {
        var settings = await directory.ReadSettingsAsync(organization, cancellationToken);
        if (MailboxOption.HiddenBy(method, settings.Acceptance) is not { } name)
        {
            return null;
        }

        var since = await SinceAsync(organization, one => MailboxOption.HiddenBy(method, one.Acceptance) == name, cancellationToken);
        return $"This filter may not be chosen: {name} is on{(since is null ? "" : $", set by {Words(since)}")}. Choose another, or ask them.";
    }

    private static string Words(SettingsVersion version) =>
        $"{version.ChangedBy} on {version.ChangedOn:yyyy-MM-dd}{(version.Why is null ? "" : $" ({version.Why})")}";

    private async Task<MailboxFacts?> FindAsync(string organization, EmailAddress address, CancellationToken cancellationToken) =>
        (await directory.ReadMailboxesAsync(organization, cancellationToken)).FirstOrDefault(mailbox => mailbox.Address == address);

    // The version that brought what holds now: who made it, and why.
    private async Task<SettingsVersion?> SinceAsync(
        string organization, Func<TrackingSettings, bool> holds, CancellationToken cancellationToken) =>
        (await directory.ReadSettingsHistoryAsync(organization, IOrganizationGrain.HistoryMax, cancellationToken))
            .TakeWhile(version => holds(version.Settings))
            .LastOrDefault();
}
