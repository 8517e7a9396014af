using EmailTracking.Intake;

namespace EmailTracking.Tests.Crash.Host;

internal sealed class IntakePoints(Points points) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var isDelivery = context.Grain is IntakeGrain && context.MethodName.StartsWith("Deliver", StringComparison.Ordinal);
        if (isDelivery)
        {
            points.Pass(Point.IntakeBefore);
        }

        await context.Invoke();
        if (isDelivery)
        {
            points.Pass(Point.AnswerBefore);
        }
    }
}
