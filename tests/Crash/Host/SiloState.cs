using System.IO.MemoryMappedFiles;

namespace EmailTracking.Tests.Crash.Host;

/// <summary>What a silo and its killer both see: a mapped file, whose pages outlive the process that is killed.</summary>
public sealed class SiloState : IDisposable
{
    private const int Size = 4096;
    private const int OpenCommitsAt = 0;
    private const int ArmedAt = 8;
    private const int HitsLeftAt = 12;
    private const int DiedAt = 16;

    private readonly Lock _lock = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public SiloState(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, Size);
        _view = _file.CreateViewAccessor(0, Size);
    }

    /// <summary>How many changes are handed to the store and not answered.</summary>
    public int OpenCommits => _view.ReadInt32(OpenCommitsAt);

    /// <summary>Where the silo ended itself; none when it was killed from outside.</summary>
    public Point Died => (Point)_view.ReadInt32(DiedAt);

    /// <summary>For a silo that starts.</summary>
    public void Clear()
    {
        for (var at = 0; at <= DiedAt; at += sizeof(int))
        {
            _view.Write(at, 0);
        }
    }

    /// <summary>Tells the silo to die at a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="hits">At which time that it comes there, from 1.</param>
    public void Arm(Point point, int hits)
    {
        _view.Write(HitsLeftAt, hits);
        _view.Write(ArmedAt, (int)point);
    }

    /// <summary>Counts a change that is handed to the store.</summary>
    public void Opened() => Add(OpenCommitsAt, 1);

    /// <summary>Counts a change that was answered.</summary>
    public void Closed() => Add(OpenCommitsAt, -1);

    /// <summary>Whether this is where, and the time when, the silo is to die.</summary>
    public bool IsDue(Point point)
    {
        if (_view.ReadInt32(ArmedAt) != (int)point || Add(HitsLeftAt, -1) != 0)
        {
            return false;
        }

        _view.Write(DiedAt, (int)point);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private int Add(int at, int number)
    {
        lock (_lock)
        {
            var sum = _view.ReadInt32(at) + number;
            _view.Write(at, sum);
            return sum;
        }
    }
}
