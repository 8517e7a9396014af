using System.Reflection;
using EmailTracking.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>Makes one write of what a silo knows of mailboxes fail, as if the silo had died there.</summary>
public sealed class FailingWrites
{
    private int _left = -1;

    /// <summary>Whether a write failed since <see cref="FailAfter"/>.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Has a write fail, once.</summary>
    /// <param name="writes">How many are done before.</param>
    public void FailAfter(int writes) => (_left, HasFailed) = (writes, false);

    /// <summary>Puts it between a silo and its store.</summary>
    public void Place(IServiceCollection services)
    {
        Place<IMailboxSync>(services);
        Place<IDirectory>(services);
    }

    private void Place<T>(IServiceCollection services)
        where T : class
    {
        var store = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider =>
        {
            var proxy = DispatchProxy.Create<T, Proxy>();
            ((Proxy)(object)proxy).Begin(ActivatorUtilities.CreateInstance(provider, store.ImplementationType!), Write);
            return proxy;
        });
        services.Remove(store);
    }

    private void Write(string method)
    {
        if (!method.StartsWith("Read", StringComparison.Ordinal) && !method.StartsWith("Find", StringComparison.Ordinal) && _left-- == 0)
        {
            HasFailed = true;
            throw new IOException($"{method} failed.");
        }
    }

    /// <summary>Stands before a store.</summary>
    public class Proxy : DispatchProxy
    {
        private object? _store;
        private Action<string>? _before;

        internal void Begin(object store, Action<string> before) => (_store, _before) = (store, before);

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _before!(targetMethod!.Name);
            return targetMethod.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);
        }
    }
}
