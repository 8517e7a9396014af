namespace EmailTracking.Access;

/// <summary>What is wrong with keys and people that are asked for; pure.</summary>
public static class AccessCheck
{
    private const int NameMax = 200;
    private const int SubjectMax = 255;

    /// <summary>What is wrong with a key that is asked for, and what to do; null when nothing is.</summary>
    public static string? ProblemOf(KeyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!IsText(request.Name, NameMax))
        {
            return $"Say what the key is for, in 1 to {NameMax} characters.";
        }

        if (!IsText(request.By, NameMax))
        {
            return $"Say who makes it, in 1 to {NameMax} characters.";
        }

        if (!Enum.IsDefined(request.Role))
        {
            return NoRole;
        }

        if (request.ValidFor <= TimeSpan.Zero || request.ValidFor > ApiKey.ValidMax)
        {
            return $"A key is valid for 1 to {ApiKey.ValidMax.Days} days.";
        }

        if (request.Scopes.Where(scope => RolePrivileges.ReachOf(request.Role, scope) == Reach.None).Select(scope => (Privilege?)scope).FirstOrDefault() is { } beyond)
        {
            return $"A key of role {Word(request.Role)} cannot have {Word(beyond)}: that is not allowed to the role. See docs/api.md.";
        }

        return null;
    }

    /// <summary>What is wrong with somebody, and what to do; null when nothing is.</summary>
    public static string? ProblemOf(SignedIn person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return !IsText(person.Subject, SubjectMax) ? $"The subject is what the identity provider calls them (claim sub), 1 to {SubjectMax} characters."
            : !IsText(person.Name, NameMax) ? $"The name has 1 to {NameMax} characters."
            : !IsText(person.ChangedBy, NameMax) ? $"Say who does it, in 1 to {NameMax} characters."
            : !Enum.IsDefined(person.Role) ? NoRole
            : person.Teams.Length > SignedIn.TeamsMax ? $"Somebody is in at most {SignedIn.TeamsMax} teams."
            : person.SystemUser is null && !person.Teams.IsEmpty ? "Name the user whose teams they are."
            : null;
    }

    /// <summary>A role or privilege as it is written: in lower case, words run together.</summary>
    public static string Word(Enum value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.ToString().ToLowerInvariant();
    }

    /// <summary>The value that a word stands for, in any case; null when it stands for none.</summary>
    public static T? Parse<T>(string? word)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => value.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)).Select(value => (T?)value).FirstOrDefault();

    private static string NoRole => $"A role is one of {string.Join(", ", Enum.GetValues<Role>().Select(role => Word(role)))}.";

    private static bool IsText(string? text, int lengthMax) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= lengthMax && !text.Any(char.IsControl);
}
