namespace EmailTracking.Tracking.Deciding;

/// <summary>Why an act cannot be done, in words that say what to do.</summary>
internal static class Refusals
{
    /// <summary>What speaks against a request; null when nothing does.</summary>
    public static string? Of(ActRequest request, TrackingSnapshot snapshot)
    {
        var states = request.Emails.Select(email => snapshot.Emails.GetValueOrDefault(email)?.State).ToArray();
        return OfErased(request, new ActLog(snapshot.Acts)) ?? request.Kind switch
        {
            ActKind.Undo => OfUndo(request.Undone!, new ActLog(snapshot.Acts)),
            ActKind.Track => OfTrack(request.Record, snapshot.Settings),
            ActKind.Regarding when request.Record is null => "Say which record the email is about: TABLE/ID, for example contact/ID.",
            ActKind.Resolve when request.Record is null || request.Address is null || request.Emails.Length != 1 =>
                "Say which address of which email stands for which record: emailtracking resolve ADDRESS TABLE/ID --mail MAIL",
            ActKind.Resolve when states[0] is null =>
                "The email is not tracked, so nobody takes part in it. Track it first: emailtracking track MAIL",
            ActKind.Resolve when !request.Parties.Contains(request.Address!.Value) =>
                $"The email has no party {request.Address}. See who takes part: emailtracking explain MAIL",
            ActKind.Stop or ActKind.Resume or ActKind.Admit or ActKind.Merge or ActKind.Split when Array.Exists(states, state => state is null) =>
                "The email is not tracked, so it is in no conversation. Track it first: emailtracking track MAIL",
            ActKind.Admit when !Array.Exists(states, state => state!.IsHeld) => "The email is not held: it may speak in its conversation already.",
            ActKind.Merge when states.Select(state => state!.ConversationId).Distinct().Count() < 2 =>
                "The emails are in one conversation already: there is nothing to merge.",
            ActKind.Split when states.Select(state => state!.ConversationId).Distinct().Count() > 1 =>
                "The emails are in several conversations. Split one conversation at a time.",
            _ => null,
        };
    }

    /// <summary>What speaks against a track, whatever the mail; null when nothing does.</summary>
    public static string? OfTrack(RecordReference? record, TrackingSettings settings) => record is null && settings.Acceptance.TrackNeedsRegarding
        ? "Say what the mail is about: in this organization who tracks by hand has to (setting OverrideTrackInCrmBehaviour)."
        : null;

    /// <summary>What speaks against an act once everybody whom it means is known.</summary>
    public static string? Of(Act act) => act.Kind == ActKind.Split && act.Sides[1].IsEmpty
        ? "All emails of the conversation would leave it, and nothing would stay. Name an email further down, or split fewer."
        : null;

    // Who belongs together is a matter of digests, so merges and splits go on; whatever is to be shown or said of an email does not.
    private static string? OfErased(ActRequest request, ActLog log)
    {
        var kind = request.Undone?.Kind ?? request.Kind;
        var emails = (request.Undone?.Emails ?? request.Emails).ToArray();
        return request.Undone is { Kind: ActKind.Erase } ? "What was erased is gone: nothing is kept that could be brought back."
            : kind is ActKind.Track or ActKind.Untrack or ActKind.Regarding or ActKind.Admit or ActKind.Resolve && emails.Length > 0 &&
                Array.TrueForAll(emails, email => log.Of(email).Erased is not null)
                ? "The email was erased: only digests of it are kept, and nothing can be done with it any more."
                : null;
    }

    private static string? OfUndo(Act undone, ActLog log) => undone.Kind == ActKind.Undo
        ? "That is an undo. To have its effect back, do the act itself again."
        : log.UndoingOf(undone.Id) is { } already
            ? FormattableString.Invariant($"{already.By} has undone it already, on {already.On:u}.")
            : null;
}
