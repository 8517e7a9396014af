using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Hosting;

/// <summary>The mail servers and mailboxes that the configuration names, in its section <c>EmailTracking:Mail</c>.</summary>
/// <param name="Profiles">The servers.</param>
/// <param name="Mailboxes">The mailboxes that are read from them.</param>
internal sealed record MailPlan(ImmutableArray<ServerProfile> Profiles, ImmutableArray<PlannedMailbox> Mailboxes)
{
    /// <summary>The section's name.</summary>
    public const string Section = "EmailTracking:Mail";

    private const string NextStep = "Correct it and start the silo again; docs/options.md lists what an entry takes.";

    /// <summary>Reads the section.</summary>
    /// <exception cref="OptionsValidationException">Entries are wrong: each is named, with what is wrong and what to do.</exception>
    public static MailPlan Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var (section, problems) = (configuration.GetSection(Section), new List<string>());
        foreach (var other in section.GetChildren().Where(child => child.Key is not (nameof(Profiles) or nameof(Mailboxes))))
        {
            problems.Add($"{other.Path}: there are only {nameof(Profiles)} and {nameof(Mailboxes)} here. {NextStep}");
        }

        var profiles = ReadAll<ServerProfile>(section.GetSection(nameof(Profiles)), nameof(ServerProfile.Name), problems, WithPort, ProblemOf);
        var mailboxes = ReadAll<PlannedMailbox>(
            section.GetSection(nameof(Mailboxes)), nameof(PlannedMailbox.Address), problems, (entry, _) => entry, ProblemOf);
        return problems.Count == 0
            ? new MailPlan(profiles, mailboxes)
            : throw new OptionsValidationException(Section, typeof(MailPlan), problems);
    }

    private static ImmutableArray<T> ReadAll<T>(
        IConfigurationSection section, string key, List<string> problems, Func<T, IConfigurationSection, T> complete, Func<T, string?> check)
        where T : class
    {
        var (entries, names) = (ImmutableArray.CreateBuilder<T>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var child in section.GetChildren())
        {
            var name = child[key] ?? "";
            try
            {
                var entry = complete(child.Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? throw new InvalidOperationException("It is empty."), child);
                if ((names.Add(name) ? check(entry) : $"'{name}' is there twice.") is { } problem)
                {
                    Tell(problem);
                }
                else
                {
                    entries.Add(entry);
                }
            }
            catch (InvalidOperationException wrong)
            {
                Tell(wrong.Message);
            }

            void Tell(string problem) => problems.Add($"{child.Path} ({(name.Length > 0 ? name : $"without {key}")}): {problem} {NextStep}");
        }

        return entries.DrainToImmutable();
    }

    private static ServerProfile WithPort(ServerProfile profile, IConfigurationSection entry) =>
        entry[nameof(ServerProfile.Port)] is null && profile.Security != ConnectionSecurity.ImplicitTls ? profile with { Port = 143 } : profile;

    private static string? ProblemOf(ServerProfile profile) => ConnectionCheck.ProblemOf(profile);

    private static string? ProblemOf(PlannedMailbox mailbox) => mailbox switch
    {
        _ when !EmailAddress.TryParse(mailbox.Address, out _) => $"'{mailbox.Address}' is no address such as ana@contoso.com.",
        { Profile: null or "" } => "It names no profile.",
        { Filter: { } filter } when !Enum.IsDefined(filter) => "A filter is a number from 0 to 4.",
        { ApprovedBy: { } by } when string.IsNullOrWhiteSpace(by) || by.Any(char.IsControl) => "ApprovedBy is who allowed the mailbox to be read.",
        _ => ConnectionCheck.ProblemOf(mailbox.Connection(null, default)),
    };
}

/// <summary>A mailbox that the configuration names.</summary>
internal sealed record PlannedMailbox
{
    /// <summary>Its address.</summary>
    public string Address { get; init; } = "";

    /// <summary>The profile of its server: one of the configuration, or one that was made by command.</summary>
    public string? Profile { get; init; }

    /// <summary>The name to sign in with; null: the address.</summary>
    public string? UserName { get; init; }

    /// <summary>Where its secret is: <c>env:NAME</c> or <c>file:PATH</c>; null when the profile's is enough.</summary>
    public string? Secret { get; init; }

    /// <summary>Mail is read that the server received on this day or later; null: as it stands, for a new one today.</summary>
    public DateOnly? StartsOn { get; init; }

    /// <summary>Whether it is a queue's.</summary>
    public bool IsQueue { get; init; }

    /// <summary>Which of its mail is tracked; null: as it stands, for a new one all mail of a queue and answers of a user.</summary>
    public FilterMethod? Filter { get; init; }

    /// <summary>Who allowed it to be read; null: as it stands. Whoever rejected it by command is not overruled.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Whether it is read; null: as it stands, for a new one whether it is approved.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>Whether tracked mail of a queue is deleted from the server; null: as it stands.</summary>
    public bool? DeletesProcessed { get; init; }

    /// <summary>How it is to be read.</summary>
    /// <param name="standing">How it is read; null when it is not.</param>
    /// <param name="today">The day; UTC.</param>
    public MailboxConnection Connection(MailboxConnection? standing, DateOnly today)
    {
        var approval = ApprovedBy is null || standing?.Approval == AccessApproval.Rejected
            ? standing?.Approval ?? AccessApproval.Pending
            : AccessApproval.Approved;
        return new MailboxConnection
        {
            Mailbox = EmailAddress.TryParse(Address, out var address) ? address : throw new InvalidOperationException(Address),
            Profile = Profile!,
            UserName = UserName ?? address.Value,
            Secret = Secret,
            StartsOn = StartsOn ?? standing?.StartsOn ?? today,
            Approval = approval,
            ApprovedBy = approval == AccessApproval.Approved ? ApprovedBy ?? standing?.ApprovedBy : standing?.ApprovedBy,
            IsEnabled = IsEnabled ?? standing?.IsEnabled ?? approval == AccessApproval.Approved,
            DeletesProcessed = DeletesProcessed ?? standing?.DeletesProcessed ?? false,
        };
    }
}
