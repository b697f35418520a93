"""Data sets made of arrays: npy and npz files, and what lies in HDF5 files."""
