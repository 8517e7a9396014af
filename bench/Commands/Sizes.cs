namespace EmailTracking.Bench.Commands;

/// <summary>How much is measured.</summary>
internal sealed record Sizes
{
    public static Sizes Brief { get; } = new()
    {
        Warm = 500, Mails = 1_000, Rounds = 1, InFlight = [256], SteadySeconds = 2,
        Small = 300, Large = 1_000, Next = 300, GrowthRounds = 1,
        Records = 5_000, RecordsWarm = 300,
        Read = 1_000, WarmReadSeconds = 1, ReadSeconds = 3,
    };

    public static Sizes Full { get; } = new()
    {
        Warm = 30_000, Mails = 20_000, Rounds = 3, InFlight = [512, 1_024, 2_048], SteadySeconds = 300,
        Small = 10_000, Large = 200_000, Next = 5_000, GrowthRounds = 3,
        Records = 1_000_000, RecordsWarm = 10_000,
        Read = 1_000_000, WarmReadSeconds = 30, ReadSeconds = 120,
    };

    /// <summary>Mails before anything is measured.</summary>
    public required int Warm { get; init; }

    /// <summary>Mails of one round.</summary>
    public required int Mails { get; init; }

    public required int Rounds { get; init; }

    /// <summary>What is tried to find saturation: so many mails at a time.</summary>
    public required int[] InFlight { get; init; }

    /// <summary>How long the steady rate is held.</summary>
    public required int SteadySeconds { get; init; }

    /// <summary>Activities there are when growth is measured, and twenty times as many.</summary>
    public required int Small { get; init; }

    public required int Large { get; init; }

    /// <summary>Mails that come then.</summary>
    public required int Next { get; init; }

    public required int GrowthRounds { get; init; }

    /// <summary>Records that are loaded.</summary>
    public required int Records { get; init; }

    /// <summary>Mails before those that are measured with and without records.</summary>
    public required int RecordsWarm { get; init; }

    /// <summary>Activities there are when they are looked at.</summary>
    public required int Read { get; init; }

    /// <summary>How long they are looked at before that is measured.</summary>
    public required int WarmReadSeconds { get; init; }

    public required int ReadSeconds { get; init; }
}
