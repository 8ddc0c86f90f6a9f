"""Analysis: series and targets -> findings. Pure: nothing is read, nothing is drawn, nothing looks at the clock."""
