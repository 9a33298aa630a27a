import Testing
import TrackerValues

@Suite("Medians")
struct MedianTests {
  @Test("the middle value, the mean of the two middle ones, NaN of nothing")
  func middle() {
    #expect(median([3, 1, 2]) == 2)
    #expect(median([4, 1, 2, 3]) == 2.5)
    #expect(median([5, 9, 1, 7][1...]) == 7)
    #expect(median([Double]()).isNaN)
    #expect(median([-.infinity, 0, .infinity]) == 0)
  }

  @Test("the upper median is a value of the series")
  func upper() {
    #expect(upperMedian([4, 1, 2, 3]) == 3)
    #expect(upperMedian([4, 1, 2]) == 2)
    #expect(upperMedian([7]) == 7)
  }

  @Test("smoothing takes each value's median with its neighbours, to the sign of 0")
  func smooth() {
    #expect(smoothedByNeighbours([]).isEmpty)
    #expect(smoothedByNeighbours([5]) == [5])
    #expect(smoothedByNeighbours([1, 9, 2, 3]) == [5, 2, 3, 2.5])
    let choices = [-1, -0.0, 0.0, 1, .infinity]
    for a in choices {
      for b in choices {
        for c in choices {
          let smooth = smoothedByNeighbours([a, b, c])
          #expect(smooth[1].bitPattern == median([a, b, c]).bitPattern, "\(a) \(b) \(c)")
        }
      }
    }
  }

  @Test("a series' finite values, falls and rises, and the lengths of its steps")
  func series() {
    #expect([1, .nan, 2, .infinity].finite == [1, 2])
    let changes = [4, 2, 2.01, 3, -3, -3].changes
    #expect(changes.falls == 2 && changes.rises == 1)
    #expect([Double]().changes == (0, 0))
    #expect([1, 4, 2].stepLengths == [3, 2])
  }
}
