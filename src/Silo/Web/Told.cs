namespace EmailTracking.Silo.Web;

/// <summary>What whoever asks is told: a value, or why not.</summary>
internal readonly record struct Told<T>(T? Value, Refusal? Problem)
    where T : class?
{
    public static Told<T> That(T value) => new(value, null);

    public static Told<T> Not(Refusal problem) => new(null, problem);
}
