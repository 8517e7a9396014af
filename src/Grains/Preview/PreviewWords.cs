using System.Collections.Immutable;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>Puts a trial's decision on one mail into the words that <c>explain</c> has, with the thread around it.</summary>
public sealed class PreviewWords(ITrackingQueries queries, IDirectory directory)
{
    private const int ThreadMax = 500;

    /// <summary>Explains one mail.</summary>
    /// <param name="organization">The organization whose facts were asked.</param>
    /// <param name="run">The preview.</param>
    /// <param name="number">The mail's number.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    /// <returns>Null when there is no such mail, or it is not decided yet.</returns>
    public async Task<PreviewExplanation?> ExplainAsync(
        string organization, PreviewRun run, int number, FilterMethod filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (number < 1 || number > run.Mails.Count || !Enum.IsDefined(filter))
        {
            return null;
        }

        var (mail, trial) = (run.Mails[number - 1], run.TrialOf(filter));
        var shown = run.Show(mail);
        var verdict = shown.Verdicts[(int)filter];
        var decision = trial.Of(mail.Place)!;
        var trace = trial.TraceOf(decision.Email);
        var email = trial.Email(decision.Email);
        if (email is not null && trace.IsEmpty)
        {
            trace = await queries.ReadTraceAsync(organization, decision.Email, cancellationToken);
        }

        var rows = new Rows(organization, trial, queries, cancellationToken);
        var names = await TraceNames.ReadAsync(
            trace.AddRange(decision.Trace),
            rows.FindAsync,
            records => directory.ReadRecordsAsync(organization, records, cancellationToken));
        var row = new EmailRow
        {
            Key = decision.Email,
            Outcome = verdict.Outcome,
            Reason = verdict.Reason,
            Mailboxes = [mail.Place.Mailbox],
        };
        var seen = new DecisionRow(
            mail.Place, FolderKind.Inbox, verdict.Outcome, verdict.Reason, 0, default, mail.Place.Item, decision.Trace);

        // A copy that this mailbox leaves out belongs to no thread here, though another mailbox tracks the email.
        var thread = verdict.Outcome == Outcome.Tracked && email is not null
            ? await trial.ReadThreadAsync(email.State.ConversationId, cancellationToken)
            : [];
        return new PreviewExplanation(
            shown,
            filter,
            TraceWords.Of(row, [seen], verdict.Outcome == Outcome.Tracked ? trace : [], names, foldersFirst: false),
            thread.Length > 0 ? email!.ActivityId : null,
            await rows.ReadAsync(thread.Take(ThreadMax)),
            thread.Length);
    }

    /// <summary>Emails of one trial as they are shown.</summary>
    private sealed class Rows(string organization, FilterTrial trial, ITrackingQueries queries, CancellationToken cancellationToken)
    {
        public async Task<ImmutableArray<EmailRow>> ReadAsync(IEnumerable<KnownEmail> emails)
        {
            var rows = ImmutableArray.CreateBuilder<EmailRow>();
            foreach (var email in emails)
            {
                if (await FindAsync(email.Facts.Key) is { } row)
                {
                    rows.Add(row);
                }
            }

            return rows.DrainToImmutable();
        }

        /// <summary>An email that the preview shows, else one of the real store as it would stand.</summary>
        public async Task<EmailRow?> FindAsync(MessageKey key)
        {
            if (trial.Email(key) is not { } email)
            {
                return null;
            }

            if (trial.Shown(key) is { } mail)
            {
                return RowOf(email, mail);
            }

            var real = await queries.FindAsync(organization, key, cancellationToken);
            return real?.Activity is { } activity ? real with { Activity = Now(activity, email) } : real;
        }

        private EmailRow RowOf(KnownEmail email, Sighting mail) => new()
        {
            Key = email.Facts.Key,
            Outcome = email.State.LeftOut is null ? Outcome.Tracked : Outcome.Skipped,
            Reason = email.State.LeftOut ?? ReasonCode.AcceptAll,
            Mailboxes = [mail.Place.Mailbox],
            Activity = Now(
                new ActivityRow
                {
                    ActivityId = email.ActivityId,
                    MessageId = mail.Facts.MessageId?.Value,
                    Subject = mail.Facts.Subject,
                    Sender = email.Sender,
                    SentOn = email.Facts.SentOn,
                    State = email.State,
                    ContentHash = mail.ContentHash,
                    ReceivingMailbox = mail.Place.Mailbox,
                    TrackingToken = email.TrackingToken,
                },
                email),
        };

        private ActivityRow Now(ActivityRow row, KnownEmail email)
        {
            var correlation = email.State.Correlation;
            Guid? correlated = correlation.Email is { } other ? NamedId.OfActivity(organization, other) : null;
            return row with
            {
                State = email.State,
                CorrelatedActivityId = correlated,
                ParentActivityId = correlation.IsParent ? correlated : null,
            };
        }
    }
}
