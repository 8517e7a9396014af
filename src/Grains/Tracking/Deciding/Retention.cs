namespace EmailTracking.Tracking.Deciding;

/// <summary>Which emails are erased because they have been kept long enough.</summary>
public static class Retention
{
    /// <summary>What was received before this moment goes.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="now">The time; UTC.</param>
    /// <returns>Null when mail is kept for ever.</returns>
    public static DateTimeOffset? Until(TrackingSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Privacy.RetentionDays is var days and > 0 ? now.AddDays(-days) : null;
    }

    /// <summary>Whether an email goes with the next run.</summary>
    /// <param name="email">The email.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="now">The time; UTC.</param>
    public static bool IsOver(KnownEmail email, TrackingSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(email);
        return !email.IsErased && Until(settings, now) is { } until && email.ReceivedOn < until;
    }
}
