using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>A mail of the model, and where it has been.</summary>
internal sealed class ModelMail(int number, ModelMail? answers)
{
    public string MessageId => $"m{number}@model.example";

    public MessageKey Key => MessageKey.Of(EmailTracking.Tracking.Mail.MessageId.TryParse($"<{MessageId}>", out var id) ? id : throw new FormatException(MessageId));

    /// <summary>Whether it lay where mail is accepted when that place was read: then it is tracked.</summary>
    public bool MustBeTracked { get; set; }

    /// <summary>Whether it ever lay where mail is accepted: otherwise it is not tracked.</summary>
    public bool MayBeTracked { get; set; }

    /// <summary>What people said by the label, in order.</summary>
    public List<ActKind> Acts { get; } = [];

    /// <summary>What a person last said by the label; null when nobody did.</summary>
    public ActKind? ByHand => Acts.Count == 0 ? null : Acts[^1];

    /// <summary>The mailboxes that ever had it.</summary>
    public HashSet<ModelMailbox> Mailboxes { get; } = [];

    /// <summary>Where it lay last, by mailbox and folder, as often as it lies there.</summary>
    public List<ModelFolder> Places { get; } = [];

    public string Raw => DovecotMailbox.Mail(
        MessageId, $"Subject {number}", $"Body {number}\r\n", answers is null ? "" : $"In-Reply-To: <{answers.MessageId}>\r\n");
}

/// <summary>A folder of the model: the mail in it by number.</summary>
internal sealed class ModelFolder(ModelMailbox mailbox, string path)
{
    public ModelMailbox Mailbox => mailbox;

    public string Path { get; set; } = path;

    /// <summary>Whether a rule tracks it while it lies below the Inbox.</summary>
    public bool HasRule { get; set; }

    public RecordReference? Record { get; set; }

    public Dictionary<uint, ModelMail> Mail { get; } = [];

    /// <summary>Whether what lies in it is tracked now, whoever reads first.</summary>
    public bool Accepts => Path == "INBOX" ? mailbox.AcceptsAll : HasRule && Path.StartsWith("INBOX/", StringComparison.Ordinal);

    /// <summary>Whether it is read.</summary>
    public bool IsRead => Path == "INBOX" || Accepts;
}

/// <summary>A mailbox of the model.</summary>
internal sealed class ModelMailbox(DovecotMailbox server, bool acceptsAll)
{
    public DovecotMailbox Server => server;

    public bool AcceptsAll => acceptsAll;

    public List<ModelFolder> Folders { get; } = [];

    public ModelFolder Inbox => Folders[0];
}

/// <summary>Three mailboxes in the hands of people who do anything, and what has to become of their mail.</summary>
internal sealed class ModelWorld(SyncCluster cluster, Random random)
{
    private readonly List<string> _done = [];
    private int _folders;
    private uint _validity = 2_000_000_000;

    public List<ModelMail> Mails { get; } = [];

    public List<ModelMailbox> Mailboxes { get; } = [];

    /// <summary>What was done, for whoever has to find out why it went wrong.</summary>
    public string Story => string.Join('\n', _done);

    public async Task CreateAsync()
    {
        await cluster.SetAsync("TrackCategorizedItems", "true");
        foreach (var filter in new[] { FilterMethod.All, FilterMethod.None, FilterMethod.None })
        {
            var mailbox = new ModelMailbox(await cluster.CreateAsync(filter), filter == FilterMethod.All);
            mailbox.Folders.Add(new ModelFolder(mailbox, "INBOX"));
            Mailboxes.Add(mailbox);
            await mailbox.Server.CreateFolderAsync("Archive");
            foreach (var kind in new[] { "record", "record", "plain" })
            {
                var folder = await NewFolderAsync(mailbox);
                folder.HasRule = true;
                folder.Record = kind == "record" ? await cluster.RecordAsync() : null;
                await cluster.AddRuleAsync(mailbox.Server, "Inbox" + folder.Path["INBOX".Length..], folder.Record);
            }

            await cluster.ConnectAsync(mailbox.Server);
        }
    }

    /// <summary>Has everything read that lies there, however often a reading fails meanwhile.</summary>
    public async Task ReadAsync(params ModelMailbox[] mailboxes)
    {
        foreach (var mailbox in mailboxes)
        {
            await SyncCluster.UntilAsync(async () => (await cluster.Of(mailbox.Server).LookAsync()).State == MailboxState.Healthy);
            foreach (var mail in mailbox.Folders.Where(folder => folder.Accepts).SelectMany(folder => folder.Mail.Values))
            {
                mail.MustBeTracked = true;
            }
        }

        await cluster.Cluster.DrainAsync();
    }

    public async Task DoAsync()
    {
        var mailbox = Any(Mailboxes);
        var folder = Any(mailbox.Folders);
        switch (random.Next(100))
        {
            case < 35:
                await DeliverAsync(folder, random.Next(4) == 0 && Mails.Count > 0 ? Any(Mails) : NewMail());
                break;
            case < 60 when folder.Mail.Count > 0:
                await MoveAsync(folder, Any(mailbox.Folders));
                break;
            case < 68 when folder.Mail.Count > 0:
                await CopyAsync(folder, Any(mailbox.Folders));
                break;
            case < 74 when folder.Mail.Count > 0:
                await DeleteAsync(folder);
                break;
            case < 80 when folder is { IsRead: true, Mail.Count: > 0 }:
                await LabelAsync(folder);
                break;
            case < 84 when folder != mailbox.Inbox:
                await RenameAsync(folder);
                break;
            case < 86 when mailbox.Folders.Count < 8:
                _done.Add($"new folder {(await NewFolderAsync(mailbox)).Path} in {Name(mailbox)}");
                break;
            case < 88:
                _done.Add($"{folder.Path} of {Name(mailbox)} is numbered anew");
                await mailbox.Server.ChangeValidityAsync(folder.Path, ++_validity);

                // Without ids of its own it may as well be another folder: a rule of it waits for somebody to say so.
                folder.HasRule = false;
                break;
            case < 91:
                _done.Add($"the connections of {Name(mailbox)} are cut");
                await mailbox.Server.KickAsync();
                break;
            default:
                _done.Add($"{Name(mailbox)} is read");
                await ReadAsync(mailbox);
                break;
        }
    }

    private ModelMail NewMail()
    {
        var mail = new ModelMail(Mails.Count, Mails.Count > 0 && random.Next(3) == 0 ? Any(Mails) : null);
        Mails.Add(mail);
        return mail;
    }

    private async Task DeliverAsync(ModelFolder folder, ModelMail mail)
    {
        _done.Add($"{mail.MessageId} comes into {At(folder)}");
        Put(folder, await folder.Mailbox.Server.DeliverAsync(folder.Path, mail.Raw), mail);
    }

    private async Task MoveAsync(ModelFolder from, ModelFolder to)
    {
        if (from == to)
        {
            return;
        }

        var (number, mail) = Any(from.Mail.ToList());
        _done.Add($"{mail.MessageId} is moved from {At(from)} to {At(to)}");
        Put(to, await from.Mailbox.Server.MoveAsync(from.Path, number, to.Path), mail);
        Take(from, number);
    }

    private async Task CopyAsync(ModelFolder from, ModelFolder to)
    {
        var (number, mail) = Any(from.Mail.ToList());
        _done.Add($"{mail.MessageId} is copied from {At(from)} to {At(to)}");
        Put(to, await from.Mailbox.Server.CopyAsync(from.Path, number, to.Path), mail);
    }

    private async Task DeleteAsync(ModelFolder folder)
    {
        var (number, mail) = Any(folder.Mail.ToList());
        _done.Add($"{mail.MessageId} is deleted from {At(folder)}");
        await folder.Mailbox.Server.DeleteAsync(folder.Path, number);
        Take(folder, number);
    }

    // Twice read: first for what the label says now, then for what the person did.
    private async Task LabelAsync(ModelFolder folder)
    {
        await ReadAsync([.. Mailboxes]);
        await ReadAsync([.. Mailboxes]);
        var (number, mail) = Any(folder.Mail.ToList());
        var isSet = (await folder.Mailbox.Server.LookAsync(folder.Path)).Single(one => one.Number == number).Labels.Contains(Labels.Tracked);
        mail.Acts.Add(isSet ? ActKind.Untrack : ActKind.Track);
        _done.Add($"{mail.MessageId} in {At(folder)} {(isSet ? "loses" : "gets")} the label");
        await folder.Mailbox.Server.LabelAsync(folder.Path, number, isSet ? [] : [Labels.Tracked], isSet ? [Labels.Tracked] : []);
        await ReadAsync([.. Mailboxes]);
        await ReadAsync([.. Mailboxes]);
    }

    private async Task RenameAsync(ModelFolder folder)
    {
        var path = $"{(random.Next(3) == 0 ? "Archive" : "INBOX")}/f{++_folders}";
        _done.Add($"{At(folder)} is renamed to {path}");
        await folder.Mailbox.Server.RenameFolderAsync(folder.Path, path);
        folder.Path = path;
        foreach (var mail in folder.Mail.Values)
        {
            mail.MayBeTracked |= folder.Accepts;
        }
    }

    private async Task<ModelFolder> NewFolderAsync(ModelMailbox mailbox)
    {
        var folder = new ModelFolder(mailbox, $"INBOX/f{++_folders}");
        await mailbox.Server.CreateFolderAsync(folder.Path);
        mailbox.Folders.Add(folder);
        return folder;
    }

    private static void Put(ModelFolder folder, uint number, ModelMail mail)
    {
        folder.Mail[number] = mail;
        mail.Places.Add(folder);
        mail.Mailboxes.Add(folder.Mailbox);
        mail.MayBeTracked |= folder.Accepts;
    }

    private static void Take(ModelFolder folder, uint number)
    {
        folder.Mail.Remove(number, out var mail);
        mail!.Places.Remove(folder);
    }

    private string Name(ModelMailbox mailbox) => $"mailbox {Mailboxes.IndexOf(mailbox) + 1}";

    private string At(ModelFolder folder) => $"{folder.Path} of {Name(folder.Mailbox)}{(folder.HasRule ? " (rule)" : "")}";

    private T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
